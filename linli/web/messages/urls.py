"""Addresses of the message centre."""

from __future__ import annotations

from django.urls import path

from linli.web.messages import views

urlpatterns = [
    path("desk/messages", views.centre, name="messages"),
    path("desk/messages/new", views.fresh, name="messages_new"),
    path("desk/messages/how", views.how, name="messages_how"),
]
