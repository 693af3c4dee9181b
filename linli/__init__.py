"""Linli (邻里): an open platform for grassroots governance. See docs/ for what lives where."""
