"""The kind `event`: an event found in public space. Loaded by folder; imported by nobody."""
