"""Addresses of the rules."""

from __future__ import annotations

from django.urls import path

from linli.web.rulebook import views

urlpatterns = [
    path("rules", views.catalogue, name="rules"),
    path("rules/matters.xlsx", views.matters_file, name="rule_matters_file"),
    path("rules/changes", views.changes, name="rule_changes"),
    path("rules/matters/<str:code>", views.matter, name="rule_matter"),
    path("rules/procedures/<slug:kind>", views.procedure, name="rule_procedure"),
    path("rules/<str:key>", views.value, name="rule"),
]
