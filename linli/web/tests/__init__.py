"""Pages as a whole: who may open which address, and journeys in a real browser."""
