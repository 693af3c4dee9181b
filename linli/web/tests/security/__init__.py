"""Attacks on every form and address of every face, found by walking; those of one face alone stand with that face."""
