"""What a walk finds of tables: one of reports and one of people, each with rows that cannot come in; a link to open an account."""

from __future__ import annotations

from datetime import datetime
from unittest.mock import patch

from django.test import Client

from linli.access.enrolment import link_make
from linli.access.selectors import system_actor
from linli.web.sheets.tests.tables import REPORTS, book, report, send
from linli.web.signin import middleware
from linli.web.tests.sessions import session_of
from linli.web.tests.walk.crawl import HOST
from tests.town import Town

PEOPLE = ("姓名", "账号", "单位", "岗位", "负责地方", "起始日期", "截止日期")


def fill(town: Town, at: datetime) -> list[str]:
    """Hand both tables in.

    Args:
        town: with its posts.
        at: now.

    Returns:
        Paths that no page links to.
    """
    reports = book(REPORTS, report("A-1"), report("A-2", ""), report("A-3", time="昨天"))
    people = book(PEOPLE, ("王芳", "wang.fang", "没有这个单位", "网格员", "", "", ""))
    with patch.object(middleware, "now", lambda: at):
        handed = [_handed_in("duan", "/desk/import", reports), _handed_in("beth", "/admin/accounts/import", people)]
    wrong = [f"{path}/wrong.xlsx" for path in handed]
    return [*handed, *wrong, f"/enrol/{link_make(town.people['mo'], system_actor(), at)}"]


def _handed_in(who: str, address: str, content: bytes) -> str:
    client = Client(HTTP_HOST=HOST)
    client.cookies["sessionid"] = session_of(f"town.{who}")
    return str(send(client, address, content)["Location"])
