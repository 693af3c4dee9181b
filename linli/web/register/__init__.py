"""Pages of the register: a place and a body as they stood on a day, read only. No count by person, nothing of residents."""
