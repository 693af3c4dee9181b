"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from linli.web.desk import bulkviews, caseviews, ownviews, queueviews, views

urlpatterns = [
    path("desk", queueviews.home, name="desk"),
    path("desk/queue", queueviews.queue, name="desk_queue"),
    path("desk/queue/newer", queueviews.newer, name="desk_newer"),
    path("desk/queue/look/<str:no>", queueviews.look, name="desk_look"),
    path("desk/queue.xlsx", bulkviews.queue_file, name="desk_queue_file"),
    path("desk/bulk", bulkviews.bulk, name="desk_bulk"),
    path("desk/bulk/bar", bulkviews.bulk_bar, name="desk_bulk_bar"),
    path("desk/bulk/<str:number>", bulkviews.bulk_result, name="desk_bulk_result"),
    path("desk/views", ownviews.views, name="desk_views"),
    path("desk/views/<str:key>", ownviews.view, name="desk_view"),
    path("desk/views/<str:key>/edit", ownviews.view_edit, name="desk_view_edit"),
    path("desk/keys", ownviews.keys, name="desk_keys"),
    path("desk/me", ownviews.me, name="desk_me"),
    path("desk/search", views.find, name="desk_search"),
    path("desk/case/<str:no>", views.case, name="desk_case"),
    path("desk/case/<str:no>/print", caseviews.paper, name="desk_print"),
    path("desk/case/<str:no>/beside/<str:other>", caseviews.beside, name="desk_beside"),
    path("desk/case/<str:no>/photo/<int:photo>", views.photo, name="desk_photo"),
    path("desk/case/<str:no>/<slug:step>", views.step, name="desk_step"),
    path("desk/case/<str:no>/<slug:step>/preview", views.preview, name="desk_preview"),
    path("why/<str:no>/<slug:what>", views.why, name="why"),
]
