"""Addresses of residents. A token and a draft's secret are random; nothing else in an address tells of anybody."""

from __future__ import annotations

from django.urls import path, register_converter

from linli.web.resident import linked, looking, own, reporting


class Secret:
    """32 signs that nobody guesses."""

    regex = "[A-Za-z0-9_-]{32}"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(Secret, "secret")

urlpatterns = [
    path("", reporting.home, name="home"),
    path("report", reporting.report, name="report"),
    path("report/guess", reporting.guess, name="report_guess"),
    path("report/<secret:draft>/nearby", reporting.nearby, name="report_nearby"),
    path("report/<secret:draft>/photo/<int:photo>", reporting.draft_photo, name="report_photo"),
    path("report/done/<secret:token>", linked.done, name="report_done"),
    path("f/<secret:token>", linked.follow_page, name="follow"),
    path("f/<secret:token>/add", linked.add, name="follow_add"),
    path("f/<secret:token>/correct", linked.correct, name="follow_correct"),
    path("f/<secret:token>/withdraw", linked.withdraw, name="follow_withdraw"),
    path("f/<secret:token>/leave", linked.leave, name="follow_leave"),
    path("f/<secret:token>/remind", linked.remind, name="follow_remind"),
    path("f/<secret:token>/rate", linked.rate, name="follow_rate"),
    path("f/<secret:token>/photo/<int:photo>", linked.link_photo, name="follow_photo"),
    path("find", looking.find_page, name="find"),
    path("around", looking.around, name="around"),
    path("around/ground", looking.ground, name="around_ground"),
    path("my", own.my, name="my"),
    path("my/<secret:token>", own.mine, name="my_data"),
    path("my/<secret:token>/correct", own.correct_mine, name="my_correct"),
    path("my/<secret:token>/erase", own.erase_mine, name="my_erase"),
    path("my/<secret:token>/download", own.download, name="my_download"),
    path("privacy", looking.privacy, name="privacy"),
]
