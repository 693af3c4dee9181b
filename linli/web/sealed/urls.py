"""Addresses of the sealed desk."""

from __future__ import annotations

from django.urls import path

from linli.web.sealed import views

urlpatterns = [
    path("desk/sealed", views.sealed, name="sealed"),
    path("desk/sealed/<str:no>", views.look_in, name="sealed_open"),
    path("desk/sealed/<str:no>/receive", views.receive, name="sealed_receive"),
]
