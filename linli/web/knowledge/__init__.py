"""Answers for callers: found, read, written, and said to be wrong or missing. Of the desk; nothing here is public."""
