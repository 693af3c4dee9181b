"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from linli.web.desk import bulkviews, views

urlpatterns = [
    path("desk", views.home, name="desk"),
    path("desk/queue", views.queue, name="desk_queue"),
    path("desk/queue.xlsx", bulkviews.queue_file, name="desk_queue_file"),
    path("desk/bulk", bulkviews.bulk, name="desk_bulk"),
    path("desk/search", views.find, name="desk_search"),
    path("desk/case/<str:no>", views.case, name="desk_case"),
    path("desk/case/<str:no>/photo/<int:photo>", views.photo, name="desk_photo"),
    path("desk/case/<str:no>/<slug:step>", views.step, name="desk_step"),
    path("desk/case/<str:no>/<slug:step>/preview", views.preview, name="desk_preview"),
    path("why/<str:no>/<slug:what>", views.why, name="why"),
]
