"""Who is responsible for a matter at a place, with the trace of why. Keeps no table."""
