"""Addresses of tables that are handed in."""

from __future__ import annotations

from django.urls import path

from linli.web.sheets import accountviews, enrolling, views

urlpatterns = [
    path("desk/import", views.hand_in, name="desk_import"),
    path("desk/import/template.xlsx", views.template, name="desk_import_template"),
    path("desk/import/<int:upload>", views.upload, name="desk_import_upload"),
    path("desk/import/<int:upload>/delete", views.drop, name="desk_import_drop"),
    path("desk/import/<int:upload>/wrong.xlsx", views.wrong_rows, name="desk_import_wrong"),
    path("admin/accounts/import", accountviews.hand_in, name="admin_accounts_import"),
    path("admin/accounts/import/template.xlsx", accountviews.template, name="admin_accounts_import_template"),
    path("admin/accounts/import/<int:upload>", accountviews.upload, name="admin_accounts_import_upload"),
    path("admin/accounts/import/<int:upload>/delete", accountviews.drop, name="admin_accounts_import_drop"),
    path("admin/accounts/import/<int:upload>/wrong.xlsx", accountviews.wrong_rows, name="admin_accounts_import_wrong"),
    path("admin/accounts/<int:account>/link", accountviews.new_link, name="admin_account_link"),
    path("enrol/<str:token>", enrolling.enrol, name="enrol"),
]
