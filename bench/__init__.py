"""Measurements: each module has `run() -> {name: figure}` and prints a line a figure; `make bench` runs them all."""
