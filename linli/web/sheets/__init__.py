"""Tables handed in from a page: reports at the desk, accounts in the administration."""
