"""Numbers for a monitor: how pages answer and how the system stands. No person, no account, no case."""
