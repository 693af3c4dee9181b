"""Which post somebody holds, in words: what stands at the foot of the side bar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.kernel.actors import Actor
from linli.organisations.selectors import organisation_names
from linli.web.base.words import role_title


@dataclass(frozen=True, slots=True)
class OwnPost:
    """A person's first post: the role and the body, in words."""

    role: str
    body: str


def own_post(actor: Actor, at: datetime) -> OwnPost | None:
    """The post shown for a person; None for somebody without one. One query."""
    if not actor.holdings:
        return None
    first = actor.holdings[0]
    names = organisation_names([first.organisation], at)
    return OwnPost(role_title(first.role), names.get(first.organisation, ""))


def post_words(actor: Actor, at: datetime) -> str:
    """The post and body of whoever takes something out or prints it; never a name."""
    post = own_post(actor, at)
    return f"{post.role} {post.body}".strip() if post else ""
