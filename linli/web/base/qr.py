"""An address as a picture to scan: drawn inline, so that no other host and no script is asked."""

from __future__ import annotations

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_drawing(address: str) -> SafeString:
    """The address as an SVG that takes its size and colours from the page.

    Args:
        address: whole, made by ourselves.
    """
    # Signs of the address become squares: nothing of it stands in the markup.
    return mark_safe(segno.make(address, error="m").svg_inline(border=2, lineclass=None, svgclass=None, omitsize=True))  # noqa: S308
