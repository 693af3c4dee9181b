"""Signs people of the seeded town in without their passwords, as if they had shown a second factor; prints session keys.

Run as a process of its own, under the home of that installation, after `seed`.
"""

from __future__ import annotations

import json
import sys

from linli.app import ready


def main(names: list[str]) -> None:
    """Print a session key for each account named `town.<name>`."""
    ready.django()
    ready.server()
    json.dump({name: session_of(f"town.{name}") for name in names}, sys.stdout)


def session_of(account: str) -> str:
    """The key of a session in which an account has signed in with a second factor."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.db import SessionStore

    from linli.web.signin.middleware import ENROLLED

    person = get_user_model().objects.get(name=account)
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session[ENROLLED] = True
    session.create()
    return str(session.session_key)


if __name__ == "__main__":
    main(sys.argv[1:])
