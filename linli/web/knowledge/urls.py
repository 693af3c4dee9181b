"""Addresses of the answers."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from linli.web.knowledge import views, writing


class RowConverter(IntConverter):
    """A number that an id may have: a longer one is a wrong address."""

    regex = "[0-9]{1,18}"


register_converter(RowConverter, "answer_row")

urlpatterns = [
    path("desk/answers", views.answers, name="answers"),
    path("desk/answers/new", writing.new, name="answer_new"),
    path("desk/answers/missing", views.missing, name="answer_missing"),
    path("desk/answers/reports", views.reports, name="answer_reports"),
    path("desk/answers/reports/<answer_row:report>/drop", views.drop, name="answer_report_drop"),
    path("desk/answers/look", views.look, name="answers_look"),
    path("desk/answers/<answer_row:entry>", views.answer, name="answer"),
    path("desk/answers/<answer_row:entry>/wrong", views.wrong, name="answer_wrong"),
    path("desk/answers/<answer_row:entry>/change", writing.change, name="answer_change"),
    path("desk/answers/<answer_row:entry>/checked", views.checked, name="answer_checked"),
    path("desk/answers/<answer_row:entry>/end", views.end, name="answer_end"),
]
