"""Walks every page of every face: found from the tables of addresses and from what pages link to, never from a list."""
