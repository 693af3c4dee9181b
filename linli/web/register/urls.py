"""Addresses of the register."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import IntConverter, StringConverter

from linli.web.register import views


class BodyConverter(IntConverter):
    """A number that an id may have: a longer one is a wrong address."""

    regex = "[0-9]{1,18}"


class CodeConverter(StringConverter):
    """The digits of a place's code."""

    regex = "[0-9]{6,15}"


register_converter(BodyConverter, "register_body")
register_converter(CodeConverter, "register_code")

urlpatterns = [
    path("places/<register_code:place>", views.place, name="place"),
    path("organisations/<register_body:organisation>", views.organisation, name="organisation"),
]
