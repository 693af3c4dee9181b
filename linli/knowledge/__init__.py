"""What callers ask and are told: entries with their versions, found by the words of a question; what is wrong or missing."""
