"""What can go wrong with entries."""

from __future__ import annotations

from linli.kernel.errors import ConflictError, InputError, NotFoundError, RefusedError


class KnowledgeError(InputError):
    """What was handed in about an entry is wrong; `data["fields"]` names the field and the kind of mistake."""

    default_code = "knowledge.input"


class EntryMissingError(NotFoundError):
    """No such entry or report, or it does not hold at that time."""

    default_code = "knowledge.missing"


class EntryConflictError(ConflictError):
    """Somebody else was first."""

    default_code = "knowledge.conflict"


class KnowledgeRefusedError(RefusedError):
    """The acting person may not do this."""

    default_code = "knowledge.refused"
