"""What `linli rules` shows and which rules a word on the command line means. No command of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from linli.kernel.errors import InputError, RuleError
from linli.packs import selectors
from linli.rules.compiler import compile_pack
from linli.rules.diff import SECTIONS, in_words
from linli.rules.explained import Explained
from linli.rules.packfiles import PACK_FILE
from linli.rules.snapshot import Row, Snapshot

_HASH = re.compile(r"[0-9a-f]{6,64}")
_LIVE = "@live"


def snapshot_named(word: str, at: datetime) -> Snapshot:
    """The rules that a word means: `pack@live`, a folder, a pack that comes with Linli, or the start of a hash.

    Raises:
        InputError: it means none, or more than one.
        RuleErrors: the pack cannot be compiled.
    """
    if word.endswith(_LIVE):
        return _live(word.removesuffix(_LIVE), at)
    shipped = selectors.packs_folder()
    for folder in (shipped / word, Path(word)):
        if (folder / PACK_FILE).is_file():
            return compile_pack(folder.parent, folder.name, [shipped])
    found = selectors.hashes_beginning(word) if _HASH.fullmatch(word) else []
    if len(found) != 1:
        what = f"{word} begins more than one hash" if found else f"{word} is no pack, no folder of one and no hash"
        raise InputError(
            what, code="rules.no_pack", hint="`linli rules publish` prints hashes; `nanjing@live` is what holds."
        )
    return selectors.snapshot_by_hash(found[0])


def _live(pack: str, at: datetime) -> Snapshot:
    found = next((p for p in selectors.live_rules(at).publications if p.pack == pack), None)
    if found is None:
        raise InputError(f"no rules of {pack} hold now", code="rules.no_pack", hint=f"`linli rules publish {pack}`")
    return selectors.snapshot_by_hash(found.hash)


def rule_facts(rule: Explained) -> dict[str, object]:
    """One parameter for people, name by name."""
    zh, en = in_words(rule.written)
    confirmed = f", confirmed by {rule.confirmed.office} on {rule.confirmed.on}" if rule.confirmed else ""
    mark = "" if rule.may_bite else " — uncertain: refuses, cards and excludes nobody"
    facts: dict[str, object] = {
        "title": f"{rule.title_zh}｜{rule.title_en}",
        "value": zh if zh == en else f"{zh}｜{en}",
        "holds": f"from {rule.since}" + (f" until {rule.until}" if rule.until else ""),
        "pack": f"{rule.pack}/{rule.file}:{rule.line}",
        "confidence": f"{rule.confidence}{confirmed}{mark}",
    }
    for source in rule.sources:
        cited = " ".join(part for part in (source.title, source.number) if part)
        facts[f"source {source.key} {source.locator}".rstrip()] = f"{cited} ({source.grade}) {source.address}"
    for beaten in rule.beaten:
        facts[f"replaces {beaten.pack}"] = f"{in_words(beaten.written)[0]} ({beaten.file}:{beaten.line})"
    return facts


def rule_rows(snapshot: Snapshot, name: str, place: str, day: date) -> list[dict[str, object]]:
    """Everything whose key is the name or begins with it, a line each."""
    return [*_parameters(snapshot, name, place, day), *_others(snapshot, name)]


def _parameters(snapshot: Snapshot, name: str, place: str, day: date) -> Iterator[dict[str, object]]:
    for key in sorted(k for k in snapshot.section("parameters") if k.startswith(name)):
        try:
            rule = snapshot.explain(key, place, day)
        except RuleError as error:
            if error.code != "rules.no_value":
                raise
            yield {"name": key, "what": "parameter", "rule": "no value on that day", "source": "", "where": ""}
            continue
        cited = ", ".join(s.key for s in rule.sources)
        where = f"{rule.pack}/{rule.file}:{rule.line}"
        yield {"name": key, "what": "parameter", "rule": in_words(rule.written)[1], "source": cited, "where": where}


def _others(snapshot: Snapshot, name: str) -> Iterator[dict[str, object]]:
    for section in SECTIONS:
        rows = snapshot.section(section)
        for key in sorted(k for k in rows if k == name or (name.endswith(".") and k.startswith(name))):
            row = rows[key]
            source, where = str(row.get("source", "")), str(row.get("origin", ""))
            yield {"name": key, "what": section, "rule": _said(row), "source": source, "where": where}


def _said(row: Row) -> str:
    kept = {
        k: v
        for k, v in row.items()
        if k not in {"origin", "rank", "source", "words", "examples"} and v not in (None, [], "")
    }
    return "; ".join(f"{k}: {in_words(v)[0]}" for k, v in kept.items())
