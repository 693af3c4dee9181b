"""How often an answer of the knowledge base closed a case: a sum over closed cases, of nobody in particular.

Sealed and protected cases are not among them, a case that was opened again is not either.
"""

from __future__ import annotations

from linli.cases.reading import run

MOST_COUNTED = 10_000
"""Beyond this many the sum says only that there are more: an answer may have closed a million."""

# Index: cases_case_answered. The condition stands as in the index.
_COUNT = """
SELECT count(*) FROM (
  SELECT 1 FROM cases_case c WHERE (c.marks ->> 'entry')::bigint = %(entry)s AND c.marks ? 'entry'
     AND c.closed_at IS NOT NULL AND c.compartment = 'open' LIMIT %(most)s
) found
"""


def times_answered(entry: int) -> int:
    """How many closed cases an answer closed, `MOST_COUNTED` for that many and more. One statement.

    Args:
        entry: id of the answer, any version of it.
    """
    row = run(_COUNT, {"entry": entry, "most": MOST_COUNTED}).fetchone()
    return int(row[0]) if row else 0
