"""Addresses of the worker's pages."""

from __future__ import annotations

from django.urls import path

from linli.web.worker import offline, views

urlpatterns = [
    path("w", views.inbox, name="work"),
    path("w/near", views.near, name="work_near"),
    path("w/new", views.new, name="work_new"),
    path("w/new/sent", views.sent, name="work_sent"),
    path("w/service.js", offline.service, name="work_service"),
    path("w/shell", offline.inbox_shell, name="work_shell"),
    path("w/shell/new", offline.new_shell, name="work_new_shell"),
    path("w/messages", views.notices, name="work_messages"),
    path("w/me", views.me, name="work_me"),
    path("w/me/hand-over", views.handing_over, name="work_hand_over"),
    path("w/<str:no>", views.case, name="work_case"),
    path("w/<str:no>/photo/<int:photo>", views.photo, name="work_photo"),
    path("w/<str:no>/<slug:step>", views.step, name="work_step"),
]
