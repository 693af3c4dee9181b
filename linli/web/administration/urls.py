"""Addresses of the administration."""

from __future__ import annotations

from django.urls import path

from linli.web.administration import accounts, bodies, running, support, views

urlpatterns = [
    path("admin", views.home, name="administration"),
    path("admin/places", bodies.places, name="admin_places"),
    path("admin/places.xlsx", bodies.places_file, name="admin_places_file"),
    path("admin/organisations", bodies.organisations, name="admin_organisations"),
    path("admin/organisations.xlsx", bodies.organisations_file, name="admin_organisations_file"),
    path("admin/organisations/<int:organisation>", bodies.organisation, name="admin_organisation"),
    path("admin/gaps", bodies.gaps, name="admin_gaps"),
    path("admin/posts", bodies.posts, name="admin_posts"),
    path("admin/posts/<int:post>", bodies.post, name="admin_post"),
    path("admin/posts/<int:post>/appoint", bodies.appoint_to, name="admin_appoint"),
    path("admin/posts/<int:post>/end/<int:appointment>", bodies.end_appointment, name="admin_appointment_end"),
    path("admin/accounts", accounts.accounts, name="admin_accounts"),
    path("admin/accounts/new", accounts.new_account, name="admin_account_new"),
    path("admin/accounts/<int:account>", accounts.account, name="admin_account"),
    path("admin/accounts/<int:account>/password", accounts.new_password, name="admin_password"),
    path("admin/accounts/<int:account>/close", accounts.close_account, name="admin_account_close"),
    path("admin/accounts/<int:account>/key", accounts.new_key, name="admin_key_new"),
    path("admin/keys", accounts.keys, name="admin_keys"),
    path("admin/keys/<slug:prefix>/end", accounts.end_key, name="admin_key_end"),
    path("admin/support", support.support, name="admin_support"),
    path("admin/support/<int:session>/end", support.end_support, name="admin_support_end"),
    path("admin/log", support.log, name="admin_log"),
    path("admin/jobs", running.jobs, name="admin_jobs"),
    path("admin/audit", running.audit, name="admin_audit"),
    path("admin/seals", running.seals, name="admin_seals"),
    path("admin/health", running.health, name="admin_health"),
]
