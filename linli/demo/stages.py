"""Says which stage of a long command has begun, and after how long."""

from __future__ import annotations

import time

from linli.cli import output


class Stages:
    """Lines to standard error, with the seconds since the beginning."""

    def __init__(self, *, quiet: bool) -> None:
        """Begin. `quiet` = say nothing."""
        self._quiet = quiet
        self._begun = time.monotonic()

    @property
    def seconds(self) -> int:
        """Since the beginning."""
        return round(time.monotonic() - self._begun)

    def tell(self, stage: str) -> None:
        """One line to standard error."""
        if not self._quiet:
            output.note(f"{self.seconds:>4} s  {stage}")
