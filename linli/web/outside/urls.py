"""Addresses of bodies without an account."""

from __future__ import annotations

from django.urls import path

from linli.web.outside import views

urlpatterns = [
    path("o", views.enter, name="order_enter"),
    path("o/<str:token>", views.order, name="order"),
    path("o/<str:token>/<slug:step>", views.step, name="order_step"),
]
