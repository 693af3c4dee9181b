"""The one tree of errors.

    LinliError
    ├── InputError        what was handed in is wrong        (400 on a page, 422 by API)
    │   └── RuleError     a rule pack is wrong: file, line
    ├── UnknownActorError nobody has shown who they are      (401)
    ├── RefusedError      a policy or a rule says no         (403)
    ├── NotFoundError     missing, or not for this person    (404)
    ├── ConflictError     somebody else was first; state moved on, request id reused (409)
    ├── TooOftenError     asked too often in this stretch    (429)
    ├── SetupError        this installation is not ready     (503)
    └── BrokenError       a promise of the system itself does not hold (500)

Each error has a stable `code`, `data` for machines, a `hint` that says what to do, and `retryable`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


class LinliError(Exception):
    """Root of the tree. `str()` is one sentence for a person; `data` holds no personal data, ever.

    Args:
        message: what happened, in a sentence.
        code: stable name of this error, e.g. `case.step_not_from_here`; the class's `default_code` else.
        hint: what the reader can do about it.
        data: facts for machines (numbers, codes, field names); never words of a resident.
    """

    default_code: ClassVar[str] = "error"
    retryable: ClassVar[bool] = False

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        hint: str = "",
        data: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.hint = hint
        self.data: dict[str, object] = dict(data or {})


class InputError(LinliError):
    """What was handed in is wrong; names the field or the row in `data`."""

    default_code = "input"


class RuleError(InputError):
    """A rule pack is wrong; `data` holds `file` and `line`, the message starts with `file:line`."""

    default_code = "rules"


class UnknownActorError(LinliError):
    """Nobody has shown who they are: no key, or one that is wrong, ended or revoked; which, is not said."""

    default_code = "unknown_actor"


class RefusedError(LinliError):
    """A policy or rule refuses the act; the message is the reason a person reads."""

    default_code = "refused"


class NotFoundError(LinliError):
    """The thing is missing, or not for this person: one answer for both."""

    default_code = "not_found"


class ConflictError(LinliError):
    """The thing moved on meanwhile, or a request id was used for something else."""

    default_code = "conflict"


class BusyError(ConflictError):
    """A lock was not to be had in time: the same call may succeed a moment later."""

    default_code = "busy"
    retryable = True


class TooOftenError(LinliError):
    """Asked too often in this stretch of time; `data["seconds"]` says when the next one begins."""

    default_code = "too_often"
    retryable = True


class SetupError(LinliError):
    """This installation is not ready: no server, no keys, no published pack."""

    default_code = "setup"


class BrokenError(LinliError):
    """A promise of the system does not hold (a chain does not verify, a table is torn)."""

    default_code = "broken"
