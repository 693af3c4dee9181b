"""What all faces share: shells, components, the step form, who may open a page."""
