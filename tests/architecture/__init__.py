"""The house's rules about code, held by tests."""
