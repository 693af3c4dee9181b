"""Bodies without an account: an order opens one case for one body, by a link or by the code on a sheet of paper."""
