"""Pages, drawn on the server: one folder a face. Parses, fetches through `access_*`, calls one service, shows."""
