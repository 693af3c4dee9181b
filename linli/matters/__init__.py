"""The matter catalogue, read from a published snapshot. Keeps no table."""
