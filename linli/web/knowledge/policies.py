"""Who opens the pages of answers: whoever works on cases. Who writes one is `linli.knowledge.policies`' to say."""

from __future__ import annotations

from linli.web.base.pages import Policy, works_on_cases

READS = Policy("reads_answers", True, works_on_cases)
