"""Finds every page there is: each address of each face, filled in from what pages link to, in the eyes of whoever may read it.

Is: requests within this process, signed in without passwords. Is not: a look at a page; that is a browser's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, URLPattern, resolve, reverse

from linli.web.tests.walk.recipes import EVERYBODY, FIRST, MORE, NO_PAGE, VARYING

WEB = Path(__file__).parents[2]
HOST = "127.0.0.1"
MOST_ALIKE = 16
"""Most examples of one address whose arguments vary."""

SignIn = Callable[[str], Client]
Key = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Found:
    """A page: the name of its address, a path, who reads it, and whether it is one (a file is none)."""

    route: str
    face: str
    path: str
    who: str
    is_page: bool


@dataclass(slots=True)
class Walked:
    """What a walk found.

    Attributes:
        wrong: answers that no page may give, in words.
    """

    found: dict[Key, Found] = field(default_factory=dict)
    texts: dict[Key, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    @property
    def pages(self) -> list[Found]:
        """Those to be looked at."""
        return [one for one in self.found.values() if one.is_page]


def faces() -> list[str]:
    """Folders of `linli/web` that have addresses."""
    return sorted(file.parent.name for file in WEB.glob("*/urls.py"))


def routes() -> dict[str, tuple[str, URLPattern]]:
    """Face and pattern of every named address that can be read; those that only take posts are left out."""
    named = {}
    for face in faces():
        for one in import_module(f"linli.web.{face}.urls").urlpatterns:
            if isinstance(one, URLPattern) and "GET" in getattr(one.callback, "methods", ("GET",)):
                named[str(one.name)] = face, one
    return named


def named() -> dict[str, frozenset[str]]:
    """Methods of every named address of every face."""
    return {
        str(one.name): frozenset(getattr(one.callback, "methods", ("GET",)))
        for face in faces()
        for one in import_module(f"linli.web.{face}.urls").urlpatterns
        if isinstance(one, URLPattern)
    }


def missing(walked: Walked) -> list[str]:
    """Addresses that nobody got to, each with what to do."""
    got = {route for route, _values in walked.found}
    return [
        f"{route} (/{pattern.pattern}): nobody of the town gets this page by a link or by its bare address. Link to it, fill "
        f"the town with what it shows (walk/filling.py), or say in NO_PAGE of walk/recipes.py why there is nothing to see."
        for route, (_face, pattern) in sorted(routes().items())
        if route not in got and route not in NO_PAGE
    ]


def walk(sign_in: SignIn, starts: Sequence[str] = ()) -> Walked:
    """Go everywhere.

    Args:
        sign_in: gives a person's browser; "" = nobody's.
        starts: paths that nothing links to.
    """
    walked, known = Walked(), routes()
    bare = [(face, reverse(name)) for name, (face, one) in known.items() if not one.pattern.converters]
    for who in EVERYBODY:
        client = sign_in(who)
        _spread(client, who, [*(path for _face, path in bare), *starts, *MORE], walked, known)
    return walked


def _rank(face: str, who: str) -> int:
    """How well somebody's eyes suit a face: the smaller the better."""
    order = (*FIRST.get(face, ()), *EVERYBODY)
    return order.index(who)


def _spread(client: Client, who: str, paths: Sequence[str], walked: Walked, known: Mapping[str, Any]) -> None:
    waiting, asked = list(paths), set()
    while waiting:
        path = waiting.pop(0)
        key = _key(path, known)
        if key is None or path in asked:
            continue
        face = known[key[0]][0]
        there = walked.found.get(key)
        if there is not None and _rank(face, there.who) <= _rank(face, who):
            continue
        if there is None and sum(route == key[0] for route, _ in walked.found) >= MOST_ALIKE:
            continue
        asked.add(path)
        waiting += _visit(client, who, path, key, walked, face)


def _visit(client: Client, who: str, path: str, key: Key, walked: Walked, face: str) -> list[str]:
    """Ask for a path; keep it where it is a page; the paths that it links to."""
    answer = client.get(path, HTTP_HOST=HOST)
    if answer.status_code >= 500:
        walked.wrong.append(f"{path} for {who or 'nobody'}: {answer.status_code}")
    if answer.status_code in (301, 302):
        return [answer["Location"]]
    if answer.status_code != 200:
        return []
    is_page = answer.get("Content-Type", "").startswith("text/html")
    text = b"".join(answer).decode(errors="replace") if is_page else ""
    walked.found[key] = Found(key[0], face, path, who, is_page and "<html" in text)
    walked.texts[key] = text
    return list(links(text, path))


def _key(path: str, known: Mapping[str, Any]) -> Key | None:
    """What makes this page one of its own: its address, the arguments that vary, and a look named in `MORE`."""
    bare = urlsplit(path).path
    try:
        match = resolve(bare)
    except Resolver404:
        return None
    if match.url_name is None or match.url_name not in known:
        return None
    varying = tuple(str(match.kwargs[name]) for name in VARYING if name in match.kwargs)
    return match.url_name, (*varying, *((path,) if path in MORE else ()))


def links(text: str, base: str) -> Iterator[str]:
    """Paths of this site that a page links to, without what only changes the display."""
    reader = _Links()
    reader.feed(text)
    for href in reader.found:
        target = urljoin(base, href)
        if target.startswith("/") and not target.startswith("//") and "lang=" not in target and "text=" not in target:
            yield target.partition("#")[0]


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        named = given.get("href") if tag == "a" else given.get("src") if tag == "img" else given.get("data-ground")
        if named:
            self.found.append(named)
