"""The duty desk's own pages: the roster with its hand-over, and the brief of the morning."""
