"""Published rules: compiled packs, named by their content, kept for ever."""
