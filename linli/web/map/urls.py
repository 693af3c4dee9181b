"""Addresses of the desk's map."""

from __future__ import annotations

from django.urls import path

from linli.web.map import views

urlpatterns = [path("desk/map", views.board, name="desk_map")]
