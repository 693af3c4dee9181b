"""What is wrong with a pack, where, and what mends it. The error that carries a list of these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from linli.kernel.errors import RuleError


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        file: path as the reader gave it, or the pack's name where no file is to blame.
        line: first line is 1; 0 = the file as a whole.
        code: stable name, e.g. `rules.float`.
        message: what is wrong, a sentence without full stop.
        mend: what to write instead.
    """

    file: str
    line: int
    code: str
    message: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}. {self.mend}"

    def as_dict(self) -> dict[str, object]:
        """Plain data for `--json`."""
        return asdict(self)


class RuleErrors(RuleError):  # noqa: N818  # it carries many
    """A pack cannot be used; `problems` lists everything that was found, in order of file and line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        first = self.problems[0]
        super().__init__(
            "\n".join(str(p) for p in self.problems),
            code=first.code,
            data={"file": first.file, "line": first.line, "problems": len(self.problems)},
        )
