"""Tags of every page: built files, marks, clock bars, times in words, the display switches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from django import template
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from linli.cases.numbers import spoken
from linli.web.base import words
from linli.web.base.assets import asset_styles, asset_url
from linli.web.base.display import address_with
from linli.web.base.marks import Bar, Mark

register = template.Library()


@register.simple_tag
def script(name: str) -> SafeString:
    """A built script with the styles it brings: `{% script "map.js" %}`."""
    links = format_html_join("", '<link rel="stylesheet" href="{}">', ((one,) for one in asset_styles(name)))
    return format_html('{}<script type="module" src="{}"></script>', links, asset_url(name))


@register.simple_tag
def stylesheet(name: str) -> SafeString:
    """A built style sheet."""
    return format_html('<link rel="stylesheet" href="{}">', asset_url(name))


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, more: str = "") -> SafeString:
    """A shape of the sprite; always beside a word."""
    return format_html('<svg class="i {}" aria-hidden="true"><use href="#{}"/></svg>', more, name)


@register.simple_tag
def state(mark: Mark) -> SafeString:
    """A state: shape, word, colour."""
    return format_html('<span class="st {}">{}{}</span>', mark.tone, icon(mark.shape), mark.word)


@register.simple_tag
def bar(bar: Bar, width: int = 88, label: str = "") -> SafeString:
    """A clock bar of that many pixels."""
    inner = width - 2
    late = bar.tone == "late"
    tick = SafeString("")
    if bar.tick is not None:
        x = round(1 + inner * bar.tick / 100, 1)
        top, bottom = (-3, 11) if late else (1, 7)
        tick = format_html(
            '<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>', "limit" if late else "tick", x, top, x, bottom
        )
    return format_html(
        '<svg class="clock {}" width="{}" height="8" viewBox="0 0 {} 8" role="img" aria-label="{}">'
        '<rect class="track" x=".5" y=".5" width="{}" height="7" rx="3"/>'
        '<rect class="used" x="1" y="1" width="{}" height="6" rx="2.5"/>{}</svg>',
        bar.tone, width, width, label or bar.words, width - 1, round(inner * bar.used / 100, 1), tick,
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def display_link(context: Mapping[str, object], **change: str) -> str:
    """The address of this page with its display changed: `{% display_link text="xl" %}`."""
    request = context["request"]
    assert isinstance(request, HttpRequest)
    ((name, value),) = change.items()
    return address_with(request, name, value)


@register.simple_tag(takes_context=True)
def when(context: Mapping[str, object], at: datetime) -> SafeString:
    """An instant in words, as a `<time>` that does not break."""
    now = context["now"]
    assert isinstance(now, datetime)
    return format_html('<time class="nw" datetime="{}">{}</time>', at.isoformat(), words.when(at, now))


@register.simple_tag(takes_context=True)
def when_exact(context: Mapping[str, object], at: datetime) -> str:
    """An instant by its date and weekday."""
    request = context["request"]
    now = getattr(request, "at", at)
    return words.when_exact(at, now)


@register.filter
def day(at: datetime | None) -> str:
    """The day of an instant as calendars in China show it, "" for none."""
    return words.whole_day(at) if at else ""


@register.simple_tag
def days(since: datetime | None, until: datetime | None) -> str:
    """From which day to which; an open end is said by the other."""
    return words.days_words(since, until)


@register.filter
def number(no: str) -> str:
    """A public number as it is printed and said: three groups of four."""
    return spoken(no)


@register.filter
def titled(title: Mapping[str, object]) -> str:
    """A title of the pack in the language of the page."""
    return words.titled(title)
