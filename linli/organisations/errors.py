"""What can go wrong with organisations, and how a constraint's refusal becomes a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError

from linli.kernel.errors import ConflictError, InputError, NotFoundError, RefusedError


class OrganisationError(InputError):
    """What was handed in about a body, a post or an appointment is wrong."""

    default_code = "organisations.input"


class OrganisationMissingError(NotFoundError):
    """No such body, post or appointment."""

    default_code = "organisations.missing"


class OrganisationConflictError(ConflictError):
    """It contradicts what is recorded as holding at the same time."""

    default_code = "organisations.conflict"


class OrganisationRefusedError(RefusedError):
    """The acting person may not change this."""

    default_code = "organisations.refused"


_SENTENCES = {
    "organisations_standing_one_at_a_time": "The body already stands otherwise at that time.",
    "organisations_organisation_key_key": "A body with that key exists.",
    "organisations_post_key": "The body has a post with that key.",
    "organisations_appointment_one_holder": "The post has another holder at that time.",
    "organisations_appointment_not_twice": "The account holds this post at that time already.",
    "organisations_standin_one_at_a_time": "Somebody stands in for this appointment at that time already.",
    "organisations_dutylink_one_holder": "Another body holds this duty for this place at that time.",
    "organisations_shift_one_at_a_time": "The desk has another shift at that time.",
    "organisations_handover_shift_id_key": "This shift was handed over already.",
    "organisations_handovernote_shift_id_key": "This shift has handed on already.",
}


@contextmanager
def constraint_told() -> Iterator[None]:
    """Turn the refusal of a named constraint into a conflict with a sentence; others pass unchanged.

    Raises:
        OrganisationConflictError: the write contradicts a live row.
    """
    try:
        yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
        if name not in _SENTENCES:
            raise
        raise OrganisationConflictError(
            _SENTENCES[name], code=f"organisations.{name.removeprefix('organisations_')}", data={"constraint": name}
        ) from error
