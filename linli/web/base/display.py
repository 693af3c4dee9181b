"""How somebody wants pages to look: language, size of text, light or dark. Kept in cookies, asked for by the address.

`?text=xl` (also `l`, `m`), `?lang=en` (also `zh`), `?theme=dark` (also `light`, `auto`), `?keys=off` (also `on`) set the cookie and hold at once, so
that a link can carry them and no script is needed. Is not: anything about a person; no account is read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import translation
from django.utils.cache import patch_vary_headers

TEXT_SIZES = ("m", "l", "xl")
THEMES = ("auto", "light", "dark")
KEYS = ("on", "off")
LANGUAGES = {"zh": "zh-hans", "en": "en"}
_CHOICES: dict[str, tuple[str, ...]] = {"text": TEXT_SIZES, "theme": THEMES, "lang": tuple(LANGUAGES), "keys": KEYS}
_YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Display:
    """What holds for this request. `lang` is `zh` or `en`; `code` is Django's name of it, `tag` that of HTML.

    `keys` says whether the desk's single keys work: `on` or `off`.
    """

    text: str
    theme: str
    lang: str
    keys: str = "on"

    @property
    def code(self) -> str:
        """Django's name of the language."""
        return LANGUAGES[self.lang]

    @property
    def tag(self) -> str:
        """The language for `<html lang>`."""
        return "zh-CN" if self.lang == "zh" else "en"

    @property
    def next_text(self) -> str:
        """The size that the button sets: standard, large, largest, and round again."""
        return TEXT_SIZES[(TEXT_SIZES.index(self.text) + 1) % len(TEXT_SIZES)]

    @property
    def other_lang(self) -> str:
        """The language that the switch leads to."""
        return "en" if self.lang == "zh" else "zh"


def display_of(request: HttpRequest) -> Display:
    """The display of a request: what the address asks for, else the cookie, else what fits.

    Without a choice pages are Chinese, unless the browser asks for English before Chinese.
    """
    found = {name: _chosen(request, name) for name in _CHOICES}
    return Display(
        found["text"] or "m",
        found["theme"] or "auto",
        found["lang"] or _lang_of(request.headers.get("Accept-Language")),
        found["keys"] or "on",
    )


def _chosen(request: HttpRequest, name: str) -> str:
    for value in (request.GET.get(name, ""), request.COOKIES.get(name, "")):
        if value in _CHOICES[name]:
            return value
    return ""


def _lang_of(header: str | None) -> str:
    first = (header or "").split(",", 1)[0].strip().lower()
    return "en" if first.startswith("en") else "zh"


def address_with(request: HttpRequest, name: str, value: str) -> str:
    """The address of this page with one thing about its display changed."""
    query: QueryDict = request.GET.copy()
    query[name] = value
    return f"{request.path}?{query.urlencode()}"


class DisplayMiddleware:
    """Puts `request.display` there, speaks its language, and keeps what the address chose."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the language and size that are wanted."""
        display = request.display = display_of(request)  # type: ignore[attr-defined]
        with translation.override(display.code):
            request.LANGUAGE_CODE = display.code
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", display.tag)
        patch_vary_headers(response, ("Cookie", "Accept-Language"))
        for name, allowed in _CHOICES.items():
            value = request.GET.get(name, "")
            if value in allowed and request.COOKIES.get(name) != value:
                secure = request.is_secure()
                response.set_cookie(name, value, max_age=_YEAR_SECONDS, samesite="Lax", secure=secure, httponly=True)
        return response
