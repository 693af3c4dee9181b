"""What can go wrong with publishing and finding rules."""

from __future__ import annotations

from typing import ClassVar

from linli.kernel.errors import NotFoundError, RefusedError


class PublishRefused(RefusedError):  # noqa: N818  # it is a refusal, with its reasons in the message
    """The pack can be read but may not be published; the message says why, reason by reason."""

    default_code: ClassVar[str] = "packs.refused"


class NoRulesError(NotFoundError):
    """No published pack serves this place at that time, or none has this hash."""

    default_code: ClassVar[str] = "packs.none"
