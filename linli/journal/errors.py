"""Errors of the journal, each a leaf of the one tree in `kernel.errors`."""

from __future__ import annotations

from typing import ClassVar

from linli.kernel.errors import BrokenError, BusyError, ConflictError, InputError, RefusedError, SetupError


class CanonicalError(InputError):
    """A value has no canonical form (a float, a lone surrogate, a key that is no text)."""

    default_code: ClassVar[str] = "journal.not_canonical"


class EntryError(InputError):
    """An entry cannot be recorded as drafted (a bad subject or verb, a time without a zone)."""

    default_code: ClassVar[str] = "journal.entry"


class PayloadError(InputError):
    """An outbox payload holds something other than ids and codes."""

    default_code: ClassVar[str] = "journal.payload"


class RequestReusedError(ConflictError):
    """The same person used one request id for two different things."""

    default_code: ClassVar[str] = "journal.request_reused"


class KeyMissingError(SetupError):
    """The key ring lacks a key, or has none at all."""

    default_code: ClassVar[str] = "journal.key_missing"


class PartUnreadableError(BrokenError):
    """A personal part does not open under its key, or not for its subject and purpose."""

    default_code: ClassVar[str] = "journal.part_unreadable"


class UseEndedError(RefusedError):
    """Use of a personal part has ended: its erasure was asked for and waits for the end of a statutory period."""

    default_code: ClassVar[str] = "journal.use_ended"


class LogBusyError(BusyError):
    """An append was under way too long for a day to be closed; the same call may succeed a moment later."""

    default_code: ClassVar[str] = "journal.busy"
