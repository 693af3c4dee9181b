"""The worker's pages, for a phone held in one hand: inbox, near by, report, messages, oneself."""
