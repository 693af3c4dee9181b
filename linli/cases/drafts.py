"""What goes into the engine and what comes out: drafts of cases and voices, results of opening and of a step.

Plain frozen values; nothing here reads or writes. Personal words travel only in `VoiceDraft`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from linli.places.domain import Located
    from linli.routing.domain import Route
    from linli.rules.snapshot import Snapshot

Compartment = Literal["open", "protected", "sealed"]
MatterBy = Literal["given", "model", "person", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceDraft:
    """One reporter, as they told it. Encrypted at opening; no handler ever reads it.

    Attributes:
        wishes: what the reporter asked for: `may_ring` (the handler may call), `confidential`, `no_call_back`,
            `by_helper`, `by_message`, `by_call`, `link_only`.
        helper, relation: who speaks for the reporter, for this one case and with their consent; "" = nobody.
    """

    name: str = ""
    phone: str = ""
    address: str = ""
    original_title: str = ""
    original: str = ""
    wishes: tuple[str, ...] = ()
    helper: str = ""
    relation: str = ""

    def identity(self) -> dict[str, str]:
        """Who speaks: the first personal part."""
        helped = {"helper": self.helper, "relation": self.relation} if self.helper else {}
        return {"name": self.name, "phone": self.phone, "address": self.address, **helped}

    def words(self) -> dict[str, str]:
        """What was said, verbatim: the second personal part."""
        return {"title": self.original_title, "text": self.original}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDraft:
    """A case about to be opened. `title` and `task_text` are already free of persons, hours and viewpoint.

    Attributes:
        matter: code of the catalogue, e.g. `event.01.002`; None = to class.
        confidence: of a machine's suggestion, in thousandths; None where a person or nobody decided.
        located: the grid found for the point; None = no point, or none near.
        place: the deepest code known without a point (a street named in the words); `located` wins over it.
        lon, lat: CGCS2000 / WGS 84 degrees.
        external_id: the channel's own number; the same channel and number never opens twice.
        flags: `to_locate`, `to_class`, `time_unsure`, `cut`, `cleaned`, `danger`, `protected`, ...
        accused: organisations that a sealed report speaks of, where known; they are kept away from it.
        data: the kind's own facts, validated by its data model.
        route: who is responsible and why; None or a route without organisation = the desk decides.
        auto: the matter stands on the pack's list for dispatch by machine and the route is sure: the case is
            opened and sent in one go, and the log says that a machine did it.
        why: the trace of the matter and the route (terms, rows), without words of a resident.
        received_at, happened_at: aware; the resident's clock runs from `received_at`.
        candidates: ids of cases that may be the same matter, nearest first, for a person to join.
    """

    kind: str
    title: str
    task_text: str
    snapshot: Snapshot
    received_at: datetime
    channel: str
    matter: str | None = None
    matter_by: MatterBy = "none"
    confidence: int | None = None
    located: Located | None = None
    place: str = ""
    lon: float | None = None
    lat: float | None = None
    external_id: str | None = None
    flags: tuple[str, ...] = ()
    compartment: Compartment = "open"
    accused: tuple[int, ...] = ()
    data: Mapping[str, object] = field(default_factory=dict)
    voice: VoiceDraft | None = None
    route: Route | None = None
    auto: bool = False
    why: Mapping[str, object] = field(default_factory=dict)
    happened_at: datetime | None = None
    candidates: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """A case opened, or found already open under the same channel and external id.

    Attributes:
        no: public number, not sequential, with a check digit.
        token: the reporter's private link; shown once and kept nowhere. "" without a voice and for a known case.
        seq: length of the case's log after opening.
        known: the case was there before; nothing was written.
        due_at: until when the reporter is to be answered; None where the kind has no such clock.
    """

    case: int
    no: str
    token: str
    seq: int
    state: str
    known: bool = False
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StepResult:
    """What a step left behind.

    Attributes:
        seq: number of the entry in the case's log.
        entry_hash: hash of that entry, hex.
        repeated: the same request was carried out before; this is its first result.
        opened: ids of child cases that the step opened.
        order: secret of the order that the step issued; shown once, and not again for a repeated request.
    """

    case: int
    state: str
    seq: int
    entry_hash: str
    repeated: bool = False
    opened: tuple[int, ...] = ()
    order: str = field(default="", repr=False)
