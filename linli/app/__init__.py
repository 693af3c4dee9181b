"""Settings, the PostgreSQL starter, set-up and the wiring; everything that knows all areas, and nothing that an area needs."""
