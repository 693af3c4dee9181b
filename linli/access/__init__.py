"""Accounts, keys, the posts an account holds at an instant, and who may read what is sealed."""
