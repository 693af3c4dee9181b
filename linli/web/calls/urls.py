"""Addresses of the phone desk. Nothing in an address tells of a caller."""

from __future__ import annotations

from django.urls import path

from linli.web.calls import views

urlpatterns = [
    path("desk/call", views.call, name="call"),
    path("desk/call/heard", views.heard, name="call_heard"),
    path("desk/call/earlier", views.earlier, name="call_earlier"),
    path("desk/promises", views.promises, name="promises"),
]
