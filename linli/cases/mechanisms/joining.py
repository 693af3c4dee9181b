"""One matter, many voices: a person joins what a machine proposed; undoing it restores both.

The joined case rests: its clocks keep their deadlines and nothing rings. Its voices count where they were joined to,
and read that case's public answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from linli.cases.domain import CaseFacts, Effects, Other, Voices
from linli.cases.forms import Form
from linli.cases.registry import handler
from linli.kernel.errors import InputError, RefusedError

if TYPE_CHECKING:
    from linli.cases.decide import Turn
    from linli.cases.rules import CaseRules


class Join(Form):
    """The public number of the case that is to carry this one's voices."""

    into: str = Field(pattern=r"^\d{12}$")


@handler
def join(turn: Turn, form: Join) -> Effects:
    """Move this case's voices to the other case.

    Raises:
        InputError: no such case, or it is this one.
        RefusedError: not public things of one matter, or the other is over, joined, or in a compartment.
    """
    other = turn.bundle.other
    if other is None or other.id == turn.case.id:
        raise InputError("There is no such case to join.", code="case.form", data={"fields": {"into": "unknown"}})
    refusal = join_refusal(turn.case, other, turn.rules)
    if refusal is not None:
        code, reason = refusal
        raise RefusedError(reason, code=code)
    return Effects(
        facts={"joined_to": other.id, "back_to": turn.case.state},
        voices=Voices(other.id),
        data={"into": other.id},
    )


def join_refusal(case: CaseFacts, other: Other, rules: CaseRules) -> tuple[str, str] | None:
    """Why a case may not be joined to another: a code and a sentence; None where it may.

    Args:
        case: whose voices would move.
        other: where they would count.
        rules: of the first case's place and day.
    """
    closed = "open" not in (case.compartment, other.compartment) or case.compartment != other.compartment
    same = other.matter is not None and other.matter == case.matter and other.kind == case.kind
    matter = rules.matter(other.matter)
    reasons = (
        (closed, "case.join_closed", "A sealed or protected case is heard alone."),
        (other.carried, "case.join_carries", "This case carries other voices: join it the other way round."),
        (other.joined_to is not None or other.ended, "case.join_over", "That case is over, or joined itself."),
        (not same, "case.join_matter", "Only one and the same matter is joined."),
        (matter is None or not matter.joinable, "case.join_private", "Only matters of public things are joined."),
    )
    return next(((code, reason) for holds, code, reason in reasons if holds), None)


@handler
def unjoin(turn: Turn, form: Form) -> Effects:
    """Take the voices home: the case stands where it stood, with the deadlines it had."""
    return Effects(
        to=turn.case.back_to,
        facts={"joined_to": None, "back_to": ""},
        voices=Voices(None),
        data={"from_case": turn.case.joined_to},
    )
