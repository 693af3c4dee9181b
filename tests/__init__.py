"""Tests that belong to no single area: architecture, whole journeys, permissions."""
