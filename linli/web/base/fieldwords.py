"""The words of step forms: labels by a field's name, options by their values, hints by who reads, mistakes by their kind.

A field of a new kind that nobody named here shows its own name; add a row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

HINTS: Mapping[str, Promise] = {
    "public": gettext_lazy("The resident will read this."),
    "internal": gettext_lazy("For the bodies at work; the resident does not see it."),
    "desk": gettext_lazy("For the desk alone."),
    "sealed": gettext_lazy("Goes to the sealed desk; nobody of this case reads it again, you neither."),
}

LABELS: Mapping[str, Promise] = {
    "account": gettext_lazy("Who receives it"),
    "accused": gettext_lazy("Which bodies it accuses"),
    "at_work": gettext_lazy("Which body"),
    "category": gettext_lazy("Category"),
    "co": gettext_lazy("Who helps"),
    "connected": gettext_lazy("The caller was connected"),
    "done": gettext_lazy("Is it done?"),
    "entry": gettext_lazy("Ready answer"),
    "evidence": gettext_lazy("Photos"),
    "into": gettext_lazy("Join to which case"),
    "kept": gettext_lazy("The promise was kept"),
    "lat": gettext_lazy("Latitude"),
    "made_as": gettext_lazy("As what"),
    "lon": gettext_lazy("Longitude"),
    "matter": gettext_lazy("Matter"),
    "note": gettext_lazy("Internal note"),
    "organisation": gettext_lazy("To whom"),
    "parts": gettext_lazy("Parts"),
    "people": gettext_lazy("Whom it accuses"),
    "photos": gettext_lazy("Which photos"),
    "place": gettext_lazy("Place"),
    "promised": gettext_lazy("What was promised"),
    "reason": gettext_lazy("Reason"),
    "result": gettext_lazy("Result"),
    "review_on": gettext_lazy("Looked at again on"),
    "route": gettext_lazy("Which other way"),
    "rule": gettext_lazy("By which rule"),
    "satisfied": gettext_lazy("Are they satisfied?"),
    "service": gettext_lazy("Passed on to"),
    "solved": gettext_lazy("Is it solved?"),
    "task_text": gettext_lazy("Task"),
    "title": gettext_lazy("Title"),
    "trouble": gettext_lazy("What happened, for the sealed desk"),
    "troubled": gettext_lazy("Has anybody troubled them over this?"),
    "unrecognisable": gettext_lazy("Is no person, plate or home recognisable?"),
    "true": gettext_lazy("Is it as reported?"),
    "until": gettext_lazy("Until when"),
    "voice": gettext_lazy("Whose"),
    "way": gettext_lazy("How"),
    "what": gettext_lazy("What is opened"),
    "words": gettext_lazy("Words"),
    "workdays": gettext_lazy("How many workdays more"),
}

_SPECIAL: Mapping[tuple[str, str], Promise] = {
    ("Reply", "words"): gettext_lazy("Answer to the resident"),
    ("AnswerAtOnce", "words"): gettext_lazy("Answer to the resident"),
    ("Say", "words"): gettext_lazy("Answer to the resident"),
    ("CallBack", "words"): gettext_lazy("What they said"),
    ("BringIn", "organisation"): gettext_lazy("Who else"),
    ("ReleasePhoto", "public"): gettext_lazy("Show them on the follow page too?"),
    ("LookIn", "reason"): gettext_lazy("Reason for opening"),
    ("OpenPart", "reason"): gettext_lazy("Reason for opening"),
}

OPTIONS: Mapping[tuple[str, str], Promise] = {
    ("result", "solved"): gettext_lazy("Solved"),
    ("result", "partly"): gettext_lazy("Solved in part"),
    ("result", "explained"): gettext_lazy("Explained"),
    ("result", "not_accepted"): gettext_lazy("Not accepted"),
    ("result", "referred"): gettext_lazy("Referred"),
    ("solved", "yes"): gettext_lazy("Solved"),
    ("solved", "partly"): gettext_lazy("Solved in part"),
    ("solved", "no"): gettext_lazy("Not solved"),
    ("solved", "no_answer"): gettext_lazy("No answer"),
    ("satisfied", "yes"): gettext_lazy("Satisfied"),
    ("satisfied", "partly"): gettext_lazy("Fairly satisfied"),
    ("satisfied", "no"): gettext_lazy("Not satisfied"),
    ("satisfied", "no_answer"): gettext_lazy("No answer"),
    ("troubled", "yes"): gettext_lazy("Yes"),
    ("troubled", "partly"): gettext_lazy("A little"),
    ("troubled", "no"): gettext_lazy("No"),
    ("troubled", "no_answer"): gettext_lazy("No answer"),
    ("way", "phone"): gettext_lazy("By phone"),
    ("way", "message"): gettext_lazy("By message"),
    ("way", "visit"): gettext_lazy("By a visit"),
    ("way", "desk"): gettext_lazy("Through the desk"),
    ("purpose", "fault"): gettext_lazy("A fault"),
    ("purpose", "upgrade"): gettext_lazy("An upgrade"),
    ("purpose", "performance"): gettext_lazy("Slowness"),
    ("purpose", "restore"): gettext_lazy("A restore"),
    ("purpose", "training"): gettext_lazy("Training"),
    ("made_as", "paper"): gettext_lazy("A sheet to print, with a code"),
    ("made_as", "link"): gettext_lazy("A link to send"),
    ("what", "identity"): gettext_lazy("Name, phone and address"),
    ("what", "words"): gettext_lazy("Original words"),
    ("what", "photos"): gettext_lazy("Photos"),
    ("route", "emergency"): gettext_lazy("Emergency: 110, 119, 120, 122"),
    ("route", "legal_route"): gettext_lazy("A court, arbitration, review or petition"),
    ("route", "repeated"): gettext_lazy("Answered before, nothing new"),
    ("route", "secret"): gettext_lazy("A secret of the state, a business or a person"),
    ("route", "market"): gettext_lazy("A matter between market parties"),
    ("route", "unlawful"): gettext_lazy("Against law or public order"),
    ("category", "law"): gettext_lazy("Law or policy is missing"),
    ("category", "funds"): gettext_lazy("Funds"),
    ("category", "planning"): gettext_lazy("Planning"),
    ("category", "season"): gettext_lazy("Season"),
    ("category", "ownership"): gettext_lazy("Ownership"),
    ("category", "other_body"): gettext_lazy("Waiting for another body"),
}

MISTAKES: Mapping[str, Promise] = {
    "changed": gettext_lazy("It changed meanwhile; choose it again and read it: {label}"),
    "missing": gettext_lazy("Fill in: {label}"),
    "string_too_short": gettext_lazy("Fill in: {label}"),
    "string_too_long": gettext_lazy("Too long: {label}"),
    "unknown": gettext_lazy("Not found: {label}"),
    "outside": gettext_lazy("Outside what is allowed: {label}"),
    "placeholder": gettext_lazy("Still to be filled in: {names}"),
    "twice": gettext_lazy("Named twice: {label}"),
}


def field_words(name: str, form: str = "", reader: str = "") -> str:
    """The label of a field.

    Args:
        name: of the field.
        form: name of the model, where a form says it in its own way.
        reader: who may read it later; words for the resident are said to be so.
    """
    if special := _SPECIAL.get((form, name)):
        return str(special)
    if reader == "public" and name == "reason":
        return _("Reason, for the resident")
    return str(LABELS.get(name, name.replace("_", " ")))


def option_words(name: str, value: str) -> str:
    """An option of a field; one without words shows its value."""
    return str(OPTIONS.get((name, value), value))


def wrong_words(label: str, mistake: str, left: Sequence[str] = ()) -> str:
    """What is wrong with a field, "" for nothing. Never what was typed, but the names of a template that are still open.

    Args:
        label: the field's own label.
        mistake: kind of mistake, as `case.form` names it.
        left: names in braces that are still to be filled in.
    """
    if not mistake:
        return ""
    said = str(MISTAKES.get(mistake, gettext_lazy("Look at this again: {label}")))
    return said.format(label=label, names=open_words(left))


def open_words(left: Sequence[str]) -> str:
    """Names that a template leaves open, with their braces: `{单位电话}、{完成日期}`."""
    return _(", ").join(f"{{{name}}}" for name in left)
