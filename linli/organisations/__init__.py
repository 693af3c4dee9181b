"""Organisations, their posts, who holds them, and which duty is whose. Knows accounts only as ids."""
