"""The desk's map: open cases on the city's own outlines, from district to grid."""
