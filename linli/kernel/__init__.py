"""Pure building blocks: codes, calendar arithmetic, actors, errors. Knows neither Django nor a database."""
