"""The kind `request`: a resident's request. Loaded by folder; imported by nobody."""
