"""The demo city: its data, messages and staff."""
