"""Addresses of the duty roster and of the morning's brief."""

from __future__ import annotations

from django.urls import path

from linli.web.duty import views

urlpatterns = [
    path("desk/brief", views.brief, name="duty_brief"),
    path("desk/duty", views.roster, name="duty"),
    path("desk/duty/copy", views.copy, name="duty_copy"),
    path("desk/duty/<int:shift>/drop", views.drop, name="duty_drop"),
    path("desk/duty/<int:shift>/hand-over", views.hand_on, name="duty_hand_on"),
    path("desk/duty/<int:shift>/take", views.take, name="duty_take"),
]
