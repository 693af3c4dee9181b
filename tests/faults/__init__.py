"""What happens when power goes: processes and the server are killed in the middle of their work."""
