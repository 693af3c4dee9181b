"""A photo made anew: what came in is looked at by content, decoded within bounds, and written again as a plain JPEG.

Is: the check of an upload, and new bytes without any of the old metadata (place, device, owner, thumbnails). Is not: storage
(`evidence.py`). Name and declared type of an upload are never believed. Nothing is decoded before its size in pixels is known.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from linli.kernel.errors import InputError

FORMATS = ("JPEG", "PNG", "WEBP")
MEGA = 1_000_000
_QUALITY = 82
_WHITE = (255, 255, 255)
_SMALLEST_EDGE = 8


@dataclass(frozen=True, slots=True)
class PictureBounds:
    """What an upload may be: bytes and pixels at most, and the longest edge of what is kept."""

    megabytes: int
    megapixels: int
    edge: int

    @property
    def bytes(self) -> int:
        """Bytes at most."""
        return self.megabytes * MEGA


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo made anew: JPEG bytes, width and height in pixels."""

    content: bytes
    width: int
    height: int


def picture_anew(upload: bytes, bounds: PictureBounds) -> Picture:
    """Decode an upload and write it again.

    Args:
        upload: what came in, whatever it calls itself.
        bounds: of the pack.

    Raises:
        InputError: `evidence.too_big`, `evidence.not_a_picture`, `evidence.too_many_pixels`.
    """
    if len(upload) > bounds.bytes:
        raise InputError(
            "The photo is too big.",
            code="evidence.too_big",
            data={"megabytes": -(-len(upload) // MEGA), "most": bounds.megabytes},
        )
    try:
        with warnings.catch_warnings():
            # Pillow only warns of a bomb of middling size; our own bound below is the smaller one.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return _anew(upload, bounds)
    except Image.DecompressionBombError as error:
        raise _too_many(bounds) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        raise InputError("This file is not a photo.", code="evidence.not_a_picture") from error


def _anew(upload: bytes, bounds: PictureBounds) -> Picture:
    with Image.open(BytesIO(upload), formats=FORMATS) as found:
        if found.width * found.height > bounds.megapixels * MEGA:
            raise _too_many(bounds)
        if min(found.size) < _SMALLEST_EDGE:
            raise ValueError("nothing to see")
        # A JPEG can be decoded at a fraction of its size, which spares memory and time.
        found.draft("RGB", (bounds.edge, bounds.edge))
        found.load()
        upright = ImageOps.exif_transpose(found)
        upright.thumbnail((bounds.edge, bounds.edge))
        plain = Image.new("RGB", upright.size, _WHITE)
        seen = upright.convert("RGBA") if upright.mode in ("RGBA", "LA", "PA", "P") else upright.convert("RGB")
        plain.paste(seen, mask=seen if seen.mode == "RGBA" else None)
    into = BytesIO()
    plain.save(into, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return Picture(into.getvalue(), plain.width, plain.height)


def _too_many(bounds: PictureBounds) -> InputError:
    return InputError(
        "The photo has too many pixels.", code="evidence.too_many_pixels", data={"most": bounds.megapixels}
    )
