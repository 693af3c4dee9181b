"""Addresses of the API: everything below `/api/v1`."""

from __future__ import annotations

from django.urls import path

from linli.api.description import api

urlpatterns = [path("api/v1/", api.urls)]
