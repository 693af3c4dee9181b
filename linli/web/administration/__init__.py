"""Administration: places, bodies, posts and appointments, accounts and keys, jobs, the log, seals, health, gaps."""
