"""The append-only log, the personal parts beside it, its seals and the outbox. Knows actors and posts as plain ids."""
