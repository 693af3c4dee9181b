"""What changes between two snapshots: each change in plain data and as a sentence in both languages.

    签收时限由 1 小时改为 2 小时，2027-01-01 起
    Signing limit from 1 hour to 2 hours, from 1 Jan 2027

Parameters are compared by day, so a value that moved to another pack but still holds is no change; rows of the
other sections are compared whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from linli.rules.snapshot import Resolved, Row, Snapshot

Change = Literal["added", "dropped", "changed"]

SECTIONS = ("matters", "majors", "routing", "roles", "personal", "texts", "replies", "days", "sources", "procedures")

_NOT_SAID = {"origin", "rank"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS = {
    "clock_hour": ("小时", "hour"),
    "work_hour": ("个工作小时", "working hour"),
    "workday": ("个工作日", "workday"),
    "day": ("天", "day"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same in two snapshots.

    Attributes:
        section: `parameters` or one of `SECTIONS`.
        since, until: days on which a parameter's value differs, `[since, until)`; None = always, or no end.
        old, new: plain data; None where there is nothing.
        where: origin of the new row, or of the old one when it is dropped.
    """

    section: str
    key: str
    change: Change
    since: date | None
    until: date | None
    old: object
    new: object
    zh: str
    en: str
    where: str

    def as_dict(self) -> dict[str, object]:
        """Plain data for `--json`."""
        return {
            "section": self.section,
            "key": self.key,
            "change": self.change,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "old": self.old,
            "new": self.new,
            "words": {"zh": self.zh, "en": self.en},
            "where": self.where,
        }


def differences(old: Snapshot, new: Snapshot) -> list[Difference]:
    """All changes from one snapshot to another: parameters first, by day and key, then the other sections."""
    parameters = sorted(
        (d for key in _keys(old, new, "parameters") for d in _parameter(old, new, key)),
        key=lambda d: (d.since or date.min, d.key),
    )
    return [*parameters, *(d for section in SECTIONS for d in _section(old, new, section))]


def _keys(old: Snapshot, new: Snapshot, section: str) -> list[str]:
    return sorted({*old.section(section), *new.section(section)})


def _parameter(old: Snapshot, new: Snapshot, key: str) -> Iterator[Difference]:
    before, after = _resolved(old, key), _resolved(new, key)
    days = sorted({day for resolved in (before, after) if resolved for day in resolved.line.starts})
    held: list[tuple[date, object, object, str]] = []
    for day in days:
        was, _ = _value(before, day)
        becomes, where = _value(after, day)
        if not held or held[-1][1:3] != (was, becomes):
            held.append((day, was, becomes, where))
    ends: list[date | None] = [*(row[0] for row in held[1:]), None]
    named = cast("Resolved", after or before)
    for (day, was, becomes, where), until in zip(held, ends, strict=True):
        if was != becomes:
            zh, en = sentence(named.title, was, becomes)
            since_zh, since_en = f"，{day} 起", f", from {_spoken(day)}"
            till_zh, till_en = (f"，至 {until} 前", f", until {_spoken(until)}") if until else ("", "")
            zh, en = zh + since_zh + till_zh, en + since_en + till_en
            yield Difference("parameters", key, _change(was, becomes), day, until, was, becomes, zh, en, where)


def _resolved(snapshot: Snapshot, key: str) -> Resolved | None:
    return snapshot.resolved(key) if key in snapshot.section("parameters") else None


def _value(resolved: Resolved | None, day: date) -> tuple[object, str]:
    index = resolved.line.at(day) if resolved else None
    if resolved is None or index is None:
        return None, ""
    row = resolved.values[index].row
    return row["value"], str(row["origin"])


def _spoken(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _section(old: Snapshot, new: Snapshot, section: str) -> Iterator[Difference]:
    for key in _keys(old, new, section):
        was, becomes = old.section(section).get(key), new.section(section).get(key)
        before, after = _said(was), _said(becomes)
        if before != after:
            row = becomes or was or {}
            zh, en = _row_sentence(section, key, row, before, after)
            where = str(row.get("origin", ""))
            yield Difference(section, key, _change(before, after), None, None, before, after, zh, en, where)


def _said(row: Row | None) -> dict[str, object] | None:
    return None if row is None else {k: v for k, v in row.items() if k not in _NOT_SAID}


def _change(old: object, new: object) -> Change:
    if old is None:
        return "added"
    return "dropped" if new is None else "changed"


def sentence(title: Mapping[str, str], old: object, new: object) -> tuple[str, str]:
    """A change of a value as a sentence in Chinese and in English; None = there is no value."""
    zh, en = title["zh"], title["en"]
    (old_zh, old_en), (new_zh, new_en) = in_words(old), in_words(new)
    if old is None:
        return f"{zh}定为{_apart(new_zh)}".rstrip(), f"{en} set to {new_en}"
    if new is None:
        return f"{zh}不再规定（原为{_apart(old_zh).rstrip()}）", f"{en} no longer set (was {old_en})"
    return f"{zh}由{_apart(old_zh)}改为{_apart(new_zh)}".rstrip(), f"{en} from {old_en} to {new_en}"


def _apart(text: str) -> str:
    """Figures and Latin letters stand apart from the Chinese around them; Chinese does not."""
    return f"{' ' * text[:1].isascii()}{text}{' ' * text[-1:].isascii()}"


def _row_sentence(
    section: str, key: str, row: Row, old: Mapping[str, object] | None, new: Mapping[str, object] | None
) -> tuple[str, str]:
    title = row.get("title")
    names = cast("Mapping[str, str]", title) if isinstance(title, Mapping) else {}
    zh, en = f"{names.get('zh', '')}（{key}）" if names else key, f"{names.get('en', '')} ({key})" if names else key
    kind_zh, kind_en = _SECTION_WORDS[section]
    if old is None:
        return f"新增{kind_zh}{zh}", f"{kind_en} {en} added"
    if new is None:
        return f"取消{kind_zh}{zh}", f"{kind_en} {en} dropped"
    fields = ", ".join(sorted(k for k in {*old, *new} if old.get(k) != new.get(k)))
    return f"{kind_zh}{zh}变更：{fields}", f"{kind_en} {en} changed: {fields}"


_SECTION_WORDS = {
    "matters": ("事项", "Matter"),
    "majors": ("大类", "Major"),
    "routing": ("派遣规则", "Routing row"),
    "roles": ("职责", "Role"),
    "personal": ("个人信息字段", "Personal field"),
    "texts": ("词表", "Word list"),
    "replies": ("答复模板", "Reply template"),
    "days": ("日历", "Day"),
    "sources": ("依据", "Source"),
    "procedures": ("办理流程", "Procedure"),
}


def _row(row: Mapping[str, object], language: int) -> str:
    return " ".join(f"{column} {in_words(cell)[language]}" for column, cell in row.items() if cell is not None)


def in_words(value: object) -> tuple[str, str]:
    """A value as plain data, said in Chinese and in English.

    Args:
        value: as a pack writes it; None = nothing.
    """
    if isinstance(value, Mapping) and set(value) == {"amount", "unit"}:
        zh, en = _UNITS[str(value["unit"])]
        amount = value["amount"]
        return f"{amount} {zh}", f"{amount} {en}" + ("" if amount == 1 else "s")
    if isinstance(value, bool):
        return ("是", "yes") if value else ("否", "no")
    if isinstance(value, list) and all(isinstance(v, (str, int)) for v in value):
        return "、".join(map(str, value)), ", ".join(map(str, value))
    if isinstance(value, list) and all(isinstance(v, Mapping) for v in value):
        return "；".join(_row(v, 0) for v in value), "; ".join(_row(v, 1) for v in value)
    if isinstance(value, (str, int)):
        return str(value), str(value)
    if isinstance(value, Mapping) and set(value) == {"zh", "en"}:
        return str(value["zh"]), str(value["en"] or value["zh"])
    text = "—" if value is None else json.dumps(value, ensure_ascii=False)
    return text, text
