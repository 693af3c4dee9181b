"""What the client is asked to do, and what it saw: plain values, and starting it as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple


class Request(NamedTuple):
    """One request. `what` groups the times, `who` names the head that goes with it."""

    what: str
    method: str
    path: str
    who: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Requests to one server.

    Attributes:
        heads: who -> lines of the request's head, each with its line end.
        rate: requests a second, sent whether or not others are answered; 0 = each connection asks when it is free.
    """

    host: str
    port: int
    connections: int
    heads: dict[str, str]
    requests: list[Request]
    rate: float = 0.0


@dataclass(frozen=True, slots=True)
class Seen:
    """How long it took, milliseconds of each answer and how many of each status, by what was asked."""

    seconds: float
    milliseconds: dict[str, list[float]]
    statuses: dict[str, dict[str, int]]

    def p95(self, *what: str) -> float:
        """The 95th percentile of some, or of all."""
        times = sorted(t for name, found in self.milliseconds.items() if not what or name in what for t in found)
        return round(times[min(len(times) - 1, len(times) * 95 // 100)], 1) if times else 0.0

    def refused(self) -> dict[str, dict[str, int]]:
        """Answers that are no success, by what was asked."""
        found = {n: {s: c for s, c in seen.items() if s[0] not in "23"} for n, seen in self.statuses.items()}
        return {name: seen for name, seen in found.items() if seen}


def ask(plan: Plan) -> Seen:
    """Carry out a plan with a client process."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(asdict(plan), file)
        file.flush()
        done = subprocess.run(
            [sys.executable, "-m", "bench._client", file.name], capture_output=True, text=True, check=True,
            cwd=Path(__file__).resolve().parents[1],
        )  # fmt: skip
    return Seen(*json.loads(done.stdout))
