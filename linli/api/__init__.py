"""The JSON API under `/api/v1`: keys, operations, problems. Parses, fetches, calls one service, shows; decides nothing."""
