"""Fills an installation that was just set up with the small town and its work, goes everywhere, prints every page and its reader.

Run as a process of its own under the home of that installation. It is set up anew as of eleven months ago, like the town;
sessions are made without passwords.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from linli.app import databases, homes, ready, setup


def main() -> None:
    """Fill, go everywhere, print."""
    now = datetime.now(UTC)
    founded = now - timedelta(days=340)
    ready.django()
    ready.server()
    with databases.database_for(homes.home_folder(), os.environ, "owner").connect() as owner:
        owner.execute("DROP SCHEMA public CASCADE")
        owner.execute("CREATE SCHEMA public")
    for _step in setup.run("national", founded, tell=lambda _line: None):
        pass
    from django.test import Client

    from linli.access.selectors import accounts, system_actor
    from linli.access.services import password_make
    from linli.web.tests.sessions import session_of
    from linli.web.tests.walk.crawl import missing, walk
    from linli.web.tests.walk.filling import fill
    from linli.web.tests.walk.recipes import EVERYBODY
    from tests.town import town_of

    town = town_of(founded)
    town.ground(founded)
    filled = fill(town, now)
    known = accounts()
    signing = {
        name: [known[town.people[name]].name, password_make(town.people[name], system_actor(), now)]
        for name in ("duan", "fang", "han", "mei", "gu")
    }
    sessions = {name: session_of(f"town.{name}") for name in EVERYBODY if name}

    def browser(name: str) -> Client:
        client = Client()
        if name:
            client.cookies["sessionid"] = sessions[name]
        return client

    walked = walk(browser, filled.starts)
    told = {
        "pages": [asdict(one) for one in walked.pages],
        "wrong": walked.wrong,
        "missing": missing(walked),
        "sessions": sessions,
        "tokens": filled.tokens,
        "cases": filled.cases,
        "people": signing,
    }
    json.dump(told, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
