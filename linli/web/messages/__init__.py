"""The desk's message centre: what steps told it, what of it is new, and how each person wishes to be told."""
