"""The desk: queue, case and why, for streets, departments, districts and the city."""
