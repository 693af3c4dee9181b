"""The address of the numbers."""

from __future__ import annotations

from django.urls import path

from linli.web.metrics import views

urlpatterns = [path("metrics", views.metrics, name="metrics")]
