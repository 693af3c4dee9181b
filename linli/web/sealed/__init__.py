"""The sealed desk: closed cases for their named receivers, opened with a reason; to all others the page does not exist."""
