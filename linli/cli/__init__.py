"""The command line: parse, fetch, call one service, show. One module an area."""
