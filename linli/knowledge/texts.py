"""Texts as they are kept: one form of each character, single blanks, no control characters. Pure."""

from __future__ import annotations

import unicodedata


def one_line(text: str) -> str:
    """A text in one line."""
    return " ".join(_plain(text).split())


def in_lines(text: str) -> str:
    """A text with its line breaks."""
    lines = [" ".join(_plain(line).split()) for line in text.splitlines()]
    return "\n".join(lines).strip()


def _plain(text: str) -> str:
    return "".join(
        letter if unicodedata.category(letter)[0] != "C" else " " if letter in "\t\n\r" else ""
        for letter in unicodedata.normalize("NFC", text)
    )
