"""What can go wrong with accounts and keys."""

from __future__ import annotations

from linli.kernel.errors import ConflictError, InputError, NotFoundError, RefusedError


class AccountError(InputError):
    """What was handed in about an account or a key is wrong."""

    default_code = "access.input"


class AccountMissingError(NotFoundError):
    """No such account or key."""

    default_code = "access.missing"


class AccountConflictError(ConflictError):
    """The account's name is taken, or the thing was done already."""

    default_code = "access.conflict"


class AccessRefusedError(RefusedError):
    """The acting person may not do this to accounts or keys."""

    default_code = "access.refused"
