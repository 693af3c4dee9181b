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
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.db import SessionStore

    from linli.web.signin.middleware import ENROLLED

    keys = {}
    for name in names:
        person = get_user_model().objects.get(name=f"town.{name}")
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session[ENROLLED] = True
        session.create()
        keys[name] = session.session_key
    json.dump(keys, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
