"""Taking reports in: channels, what the words say, duplicates, imports. Opens cases through the engine, never writes one."""
