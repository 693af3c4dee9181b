"""Who acts, which posts they hold, and the answer of a policy."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

ActorKind = Literal["person", "system", "reporter", "key", "order"]
PostSort = Literal["desk", "place", "watch", "aside", "body"]


@dataclass(frozen=True, slots=True)
class ActorRef:
    """Who acts, before anything was looked up: the account's id and its kind.

    `account` is None for the system and for a reporter without an account; a reporter then proves
    themselves by `voice` (the id of the voice whose private link was used). A body without an account acts by
    `order` (the id of the order that its desk was given for one case).
    """

    kind: ActorKind
    account: int | None = None
    voice: int | None = None
    order: int | None = None


SYSTEM = ActorRef(kind="system")


@dataclass(frozen=True, slots=True)
class Holding:
    """One post held on the day, by appointment or as a dated stand-in.

    Attributes:
        role: what the post does, e.g. `duty_desk`, `grid_worker`, `handler`, `arbiter`.
        place: code of the place the post serves (a prefix of every code below it); "" = everywhere.
        stand_in_for: id of the appointment stood in for, else None.
        sort: what the pack says that such a post is for: `desk` runs the queue of its place, `place` looks after its
            place, `watch` sees its place and does no work there, `aside` keeps the system and has no case before it,
            `body` (every other) works on what its body works on.
    """

    post: int
    role: str
    organisation: int
    place: str
    stand_in_for: int | None = None
    sort: PostSort = "body"

    @property
    def is_desk(self) -> bool:
        """Whether it runs the queue of its place."""
        return self.sort == "desk"

    @property
    def watches(self) -> bool:
        """Whether it sees and decides, and never does the work."""
        return self.sort == "watch"

    @property
    def works(self) -> bool:
        """Whether it does work: on what its place holds, or on what its body works on."""
        return self.sort not in ("watch", "aside")

    @property
    def stands_aside(self) -> bool:
        """Whether it keeps the system: no case is before it, whatever its body works on."""
        return self.sort == "aside"

    @property
    def looks_after(self) -> bool:
        """Whether it is there for its place: a desk, a grid or community worker."""
        return self.sort in ("desk", "place")

    @property
    def sees_place(self) -> bool:
        """Whether the open cases of its place are before it."""
        return self.sort in ("desk", "place", "watch")


@dataclass(frozen=True, slots=True)
class Actor:
    """An `ActorRef` with the posts held at one instant (`access.selectors.actor_at`)."""

    ref: ActorRef
    name: str = ""
    holdings: tuple[Holding, ...] = field(default_factory=tuple)

    def holds(self, role: str, place: str) -> Holding | None:
        """The holding of that role whose place contains `place`, the nearest tier first."""
        fits = [h for h in self.holdings if h.role == role and place.startswith(h.place)]
        return max(fits, key=lambda h: len(h.place), default=None)


@dataclass(frozen=True, slots=True)
class Allowed:
    """Yes; `holding` is the post in which the act is done, where a post was needed."""

    holding: Holding | None = None

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Denied:
    """No, and why. `code` is stable; `reason` is an untranslated msgid for people."""

    code: str
    reason: str

    def __bool__(self) -> bool:
        return False


Verdict = Allowed | Denied
