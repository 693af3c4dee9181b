"""Forms as pages show them: where they go, what they hold, which fields take words. Found, never listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from linli.web.tests.walk.crawl import Walked

WORDY = {"text", "search", "tel", "url", "email", "password", "textarea", ""}


@dataclass(slots=True)
class Form:
    """A form that posts.

    Attributes:
        who: who reads the page that it stands on.
        page: that page.
        action: where it goes, without the page's host.
        fields: name -> value as it stands.
        kinds: name -> kind of field; `file` = takes a file.
    """

    who: str
    page: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    @property
    def wordy(self) -> list[str]:
        """Fields that take any words."""
        return [name for name, kind in self.kinds.items() if kind in WORDY]

    def with_words(self, words: str) -> Mapping[str, str]:
        """What is sent when every field for words holds these."""
        return {**self.fields, **dict.fromkeys(self.wordy, words)}


def forms_of(walked: Walked) -> list[Form]:
    """Every posting form on the pages of a walk, one for each page, target and choice of fields."""
    found: dict[tuple[str, str, tuple[str, ...]], Form] = {}
    for key, page in walked.found.items():
        reader = _Forms(page.who, page.path)
        reader.feed(walked.texts.get(key, ""))
        for one in reader.found:
            found.setdefault((key[0], one.action, tuple(sorted(one.kinds))), one)
    return sorted(found.values(), key=lambda one: (one.page.startswith("/admin"), "sign-out" in one.action))


class _Forms(HTMLParser):
    def __init__(self, who: str, page: str) -> None:
        super().__init__()
        self._who, self._page = who, page
        self._open: Form | None = None
        self._select = ""
        self.found: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self._open = Form(self._who, self._page, urljoin(self._page, given.get("action", "")))
            self.found.append(self._open)
        elif self._open is not None:
            self._field(tag, given)

    def _field(self, tag: str, given: Mapping[str, str]) -> None:
        form, name = self._open, given.get("name", "")
        assert form is not None
        if tag == "option" and self._select and given.get("value") and not form.fields.get(self._select):
            form.fields[self._select] = given["value"]
        if not name or tag not in ("input", "textarea", "select", "button"):
            return
        kind = given.get("type", "").lower() if tag == "input" else tag
        form.kinds.setdefault(name, kind)
        self._select = name if tag == "select" else self._select
        if kind in ("hidden", "text", "search", "tel", "number", "date", "time") or (
            kind in ("radio", "checkbox") and name not in form.fields
        ):
            form.fields.setdefault(name, given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "select":
            self._select = ""


def raw_script(text: str) -> Iterator[str]:
    """Signs of a script that would run: a tag of ours that came back as a tag."""
    lower = text.lower()
    for sign in ("<script>alert(", "<img src=x", "<svg/onload"):
        if sign in lower:
            at = lower.index(sign)
            yield text[max(0, at - 80) : at + 60]
