"""The phone desk: taking a call with suggestions beside it, reading it back, and what was promised."""
