"""The demo's answers: enough of them, each in several ways of asking, about matters that there are."""

from __future__ import annotations

import csv
import re
from collections import Counter
from importlib.resources import files

from linli.cases.tests.desk import rules
from linli.knowledge.imports import COLUMNS
from linli.knowledge.services import LONGEST_ANSWER, LONGEST_QUESTION
from linli.matters.selectors import catalogue


def listed() -> list[dict[str, str]]:
    with (files("linli.demo.data") / "answers.csv").open("r", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_there_are_enough_and_each_is_asked_in_several_ways() -> None:
    rows = listed()
    assert len(rows) >= 40
    assert set(rows[0]) == {"tier", *COLUMNS} - {"from"}
    for row in rows:
        asked = row["questions"].split("|")
        assert len(asked) >= 3, row["key"]
        assert max(map(len, asked)) <= LONGEST_QUESTION
        assert 20 <= len(row["answer"]) <= LONGEST_ANSWER
        assert row["place"] == f"{{{row['tier']}}}"
    assert max(Counter((row["tier"], row["key"]) for row in rows).values()) == 1


def test_matters_are_of_the_catalogue() -> None:
    known = catalogue(rules())
    assert [row["key"] for row in listed() if row["matter"] not in known] == []


def test_no_telephone_of_a_person_and_no_shouting() -> None:
    for row in listed():
        assert not re.search(r"1[3-9][0-9]{9}", row["answer"]), row["key"]
        assert not re.search("！|亲，|请稍后重试|其它|登陆|帐号", row["answer"]), row["key"]
