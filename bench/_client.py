"""A client of the measurements over HTTP: a process of its own, connections that stay open, answers read and timed.

Reads a plan as JSON from a file, prints what it saw as JSON. With a rate, requests go out at their time whether or not
the ones before are answered, and are timed from then on: a server that falls behind is not spared.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench._asked import Plan, Request, Seen

_CRLF = b"\r\n"
_ASKED_OF_ONE = 50
"""Requests of one connection; then it is opened anew, so that no luck of the draw leaves a process of the server idle."""


@dataclass(slots=True)
class Connection:
    """One connection to the server."""

    host: str
    port: int
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None
    _asked: int = 0

    async def ask(self, request: Request, heads: dict[str, str]) -> int:
        """Send a request and read the whole answer; its status."""
        if self._writer is None or self._asked == _ASKED_OF_ONE:
            await self._open()
        assert self._writer is not None
        self._asked += 1
        body = request.body.encode()
        head = (
            f"{request.method} {request.path} HTTP/1.1\r\nHost: {self.host}\r\n{heads[request.who]}"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        return await self._answer()

    async def _open(self) -> None:
        if self._writer is not None:
            self._writer.close()
            await self._writer.wait_closed()
        self._reader, self._writer = await asyncio.open_connection(self.host, self.port, limit=2**22)
        self._asked = 0

    async def _answer(self) -> int:
        assert self._reader is not None
        head = (await self._reader.readuntil(_CRLF + _CRLF)).lower()
        if b"transfer-encoding: chunked" in head:
            while size := int((await self._reader.readuntil(_CRLF)).strip(), 16):
                await self._reader.readexactly(size + 2)
            await self._reader.readexactly(2)
        elif b"content-length: " in head:
            await self._reader.readexactly(int(head.split(b"content-length: ")[1].split(_CRLF)[0]))
        return int(head[9:12])


@dataclass(slots=True)
class Run:
    """A plan being carried out."""

    plan: Plan
    milliseconds: dict[str, list[float]] = field(default_factory=dict)
    statuses: dict[str, dict[str, int]] = field(default_factory=dict)

    async def carry_out(self) -> Seen:
        """Send everything."""
        begun = time.perf_counter()
        waiting: asyncio.Queue[tuple[float, Request] | None] = asyncio.Queue()
        workers = [asyncio.create_task(self._worker(waiting)) for _ in range(self.plan.connections)]
        for number, request in enumerate(self.plan.requests):
            due = begun + number / self.plan.rate if self.plan.rate else 0.0
            if self.plan.rate and (pause := due - time.perf_counter()) > 0:
                await asyncio.sleep(pause)
            waiting.put_nowait((due, request))
        for _ in workers:
            waiting.put_nowait(None)
        await asyncio.gather(*workers)
        return Seen(time.perf_counter() - begun, self.milliseconds, self.statuses)

    async def _worker(self, waiting: asyncio.Queue[tuple[float, Request] | None]) -> None:
        connection = Connection(self.plan.host, self.plan.port)
        while (one := await waiting.get()) is not None:
            due, request = one
            start = due or time.perf_counter()
            status = await connection.ask(request, self.plan.heads)
            self.milliseconds.setdefault(request.what, []).append((time.perf_counter() - start) * 1000)
            seen = self.statuses.setdefault(request.what, {})
            seen[str(status)] = seen.get(str(status), 0) + 1


def main(file: str) -> None:
    """Carry out the plan in a file."""
    given: dict[str, Any] = json.loads(Path(file).read_text(encoding="utf-8"))
    given["requests"] = [Request(*one) for one in given["requests"]]
    seen = asyncio.run(Run(Plan(**given)).carry_out())
    print(json.dumps([seen.seconds, seen.milliseconds, seen.statuses]))


if __name__ == "__main__":
    main(sys.argv[1])
