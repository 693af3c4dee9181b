"""Signing in: name and password, a second factor where the post demands it, an end after idle time."""
