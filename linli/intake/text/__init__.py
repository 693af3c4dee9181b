"""What the words of a report say: its matter, who must not be named, what must be sealed or hurried. Pure, CPU only."""
