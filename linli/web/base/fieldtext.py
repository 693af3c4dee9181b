"""What people type into fields, before it is checked: signs that nobody types taken out, a point read from two numbers."""

from __future__ import annotations

import math
import re

_UNTYPED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u202a-\u202e\u2066-\u2069\ufeff]")
_HIGHEST = (180.0, 90.0)


def cleaned(text: str) -> str:
    """The text without blanks around it, control characters and signs that turn the direction of writing."""
    return _UNTYPED.sub("", text).strip()


def typed_point(lon: str, lat: str) -> tuple[float, float] | None:
    """A point as typed or as a map filled it in; None where it is none on earth.

    Args:
        lon: degrees.
        lat: degrees.
    """
    try:
        point = float(lon), float(lat)
    except ValueError:
        return None
    inside = all(math.isfinite(one) and abs(one) <= most for one, most in zip(point, _HIGHEST, strict=True))
    return point if inside else None
