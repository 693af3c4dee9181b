"""`linli accounts`: accounts, posts, stand-ins and API keys from the command line, done by the system.

A password or a key is shown once, on standard output, and kept nowhere in clear.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import click

from linli.access import selectors, services
from linli.access.domain import AccountRef
from linli.access.services import AccountDraft, KeyDraft
from linli.cli import output
from linli.kernel.errors import InputError
from linli.kernel.worktime import OFFSET
from linli.organisations.appointments import (
    AppointmentDraft,
    StandInDraft,
    appoint,
    appointment_end,
    stand_in,
)
from linli.organisations.selectors import (
    AppointmentRef,
    appointments_held,
    organisation_ids,
    organisation_names,
    post_at,
    posts_of,
)

from_option = click.option("--from", "since", help="First day, e.g. 2026-12-01; today and now if left out.")
to_option = click.option("--to", "until", help="First day on which it no longer holds.")


@click.group()
def accounts() -> None:
    """People and machines that sign in, their posts and keys."""


@accounts.command("add")
@click.argument("name")
@click.option("--display-name", required=True, help="The name that colleagues read.")
@click.option("--organisation", help="Key of the body in which the account gets a post.")
@click.option("--post", help="Key of the post, e.g. duty_desk or grid_worker@320106003001002.")
@click.option("--password", "with_password", is_flag=True, help="Make a random password and print it once.")
@from_option
@to_option
@output.json_option
def add_command(
    name: str,
    display_name: str,
    organisation: str | None,
    post: str | None,
    with_password: bool,
    since: str | None,
    until: str | None,
    as_json: bool,
) -> None:
    """Add an account, with a post where one is named; without --password it cannot sign in yet."""
    at, actor = output.now(), selectors.system_actor()
    seat = _post(organisation, post, at) if organisation or post else None
    draft = AccountDraft(name, display_name, seat, _instant(since), _instant(until))
    account = services.account_add(draft, actor, at)
    document: dict[str, object] = {"account": account, "name": name}
    if with_password:
        document["password"] = services.password_make(account, actor, at)
    output.emit(document, as_json=as_json, show=lambda: output.facts(document))


@accounts.command("password")
@click.argument("name")
@output.json_option
def password_command(name: str, as_json: bool) -> None:
    """Make a new random password and print it once."""
    account = selectors.account_named(name)
    document = {"name": name, "password": services.password_make(account.id, selectors.system_actor(), output.now())}
    output.emit(document, as_json=as_json, show=lambda: output.facts(document))


@accounts.command("close")
@click.argument("name")
def close_command(name: str) -> None:
    """Close an account: its appointments end, its keys are revoked."""
    services.account_close(selectors.account_named(name).id, selectors.system_actor(), output.now())
    output.line(f"{name} is closed.")


@accounts.command("list")
@output.json_option
def list_command(as_json: bool) -> None:
    """Show the accounts and the posts that they hold now."""
    at = output.now()
    held = {ref.id: selectors.holdings(ref.id, at) for ref in selectors.accounts().values() if ref.is_active}
    names = organisation_names({h.organisation for holdings in held.values() for h in holdings}, at)
    rows: list[Mapping[str, object]] = [
        {
            "name": ref.name,
            "display_name": ref.display_name,
            "open": ref.is_active,
            "posts": [
                f"{h.role}{' (stand-in)' if h.stand_in_for else ''} · {names.get(h.organisation, '')} · {h.place or '*'}"
                for h in held.get(ref.id, ())
            ],
        }
        for ref in selectors.accounts().values()
    ]
    output.emit({"accounts": rows}, as_json=as_json, show=lambda: output.table(rows))


@accounts.command("appoint")
@click.argument("name")
@click.option("--organisation", required=True, help="Key of the body.")
@click.option("--post", required=True, help="Key of the post.")
@from_option
@to_option
@output.json_option
def appoint_command(
    name: str, organisation: str, post: str, since: str | None, until: str | None, as_json: bool
) -> None:
    """Give a post to an account."""
    at = output.now()
    seat = _post(organisation, post, at)
    account = selectors.account_named(name)
    draft = AppointmentDraft(seat, account.id, _instant(since) or at, _instant(until))
    document = {"appointment": appoint(draft, selectors.system_actor(), at)}
    output.emit(document, as_json=as_json, show=lambda: output.facts(document))


@accounts.command("end")
@click.argument("name")
@click.option("--organisation", required=True, help="Key of the body.")
@click.option("--post", required=True, help="Key of the post.")
@to_option
def end_command(name: str, organisation: str, post: str, until: str | None) -> None:
    """End an appointment, now or on a day to come."""
    at = output.now()
    held = _appointment(selectors.account_named(name), organisation, post, at)
    appointment_end(held.id, selectors.system_actor(), _instant(until) or at, at)
    output.line(f"The appointment {held.id} ends.")


@accounts.command("stand-in")
@click.argument("holder")
@click.argument("name")
@click.option("--organisation", required=True, help="Key of the body.")
@click.option("--post", required=True, help="Key of the holder's post.")
@from_option
@click.option("--to", "until", required=True, help="First day on which the holder is back.")
@output.json_option
def stand_in_command(
    holder: str, name: str, organisation: str, post: str, since: str | None, until: str, as_json: bool
) -> None:
    """Let NAME act in a post of HOLDER between two days, signed in as NAME."""
    at = output.now()
    held = _appointment(selectors.account_named(holder), organisation, post, at)
    end = _instant(until)
    if end is None:
        raise click.UsageError("--to names the day on which the holder is back.")
    draft = StandInDraft(held.id, selectors.account_named(name).id, _instant(since) or at, end)
    document = {"stand_in": stand_in(draft, selectors.system_actor(), at)}
    output.emit(document, as_json=as_json, show=lambda: output.facts(document))


@accounts.group("keys")
def keys() -> None:
    """API keys: each for one account, some scopes, until a day."""


@keys.command("add")
@click.argument("name")
@click.option("--label", required=True, help="What the key is for.")
@click.option("--scope", "scopes", multiple=True, required=True, help="What it may be used for; may be given again.")
# The rules bound it; this bound only keeps the end within the calendar.
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 99_999), help="How long it holds.")
@output.json_option
def key_add_command(name: str, label: str, scopes: tuple[str, ...], days: int, as_json: bool) -> None:
    """Make a key and print it once."""
    at = output.now()
    draft = KeyDraft(selectors.account_named(name).id, label, scopes, at + timedelta(days=days))
    document = {"key": str(services.key_add(draft, selectors.system_actor(), at)), "expires_at": draft.expires_at}
    output.emit(document, as_json=as_json, show=lambda: output.facts(document))


@keys.command("list")
@click.argument("name")
@output.json_option
def key_list_command(name: str, as_json: bool) -> None:
    """Show the keys of an account, without their secrets."""
    rows: list[Mapping[str, object]] = [
        {
            "prefix": key.prefix,
            "label": key.label,
            "scopes": sorted(key.scopes),
            "expires_at": key.expires_at,
            "revoked_at": key.revoked_at,
        }
        for key in selectors.keys_of(selectors.account_named(name).id)
    ]
    output.emit({"keys": rows}, as_json=as_json, show=lambda: output.table(rows))


@keys.command("revoke")
@click.argument("prefix")
def key_revoke_command(prefix: str) -> None:
    """End a key now; PREFIX is the part between the two underscores."""
    services.key_revoke(prefix, selectors.system_actor(), output.now())
    output.line(f"The key {prefix} is revoked.")


def _instant(text: str | None) -> datetime | None:
    """The beginning of a day in China Standard Time."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"{text!r} is no day; write it like 2026-01-31.") from None
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(minutes=OFFSET)


def _post(organisation: str | None, post: str | None, at: datetime) -> int:
    if not organisation or not post:
        raise click.UsageError("--organisation and --post belong together.")
    body = organisation_ids([organisation]).get(organisation)
    seats = posts_of(body, at) if body is not None else {}
    if post not in seats:
        raise InputError(
            f"The body {organisation!r} has no post {post!r}.",
            code="organisations.no_post",
            hint="Posts there: " + (", ".join(seats) or "none") + ". `linli organisations import` makes them.",
            data={"organisation": organisation, "post": post},
        )
    return seats[post].id


def _appointment(account: AccountRef, organisation: str, post: str, at: datetime) -> AppointmentRef:
    seat = _post(organisation, post, at)
    for held in appointments_held(account.id, at):
        if held.post == seat:
            return held
    raise InputError(
        f"{account.name} does not hold the post {post_at(seat, at).title}.",
        code="organisations.not_held",
        hint="`linli accounts list` shows who holds what.",
    )
