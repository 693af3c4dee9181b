"""Migrations expand before they contract, and none is missing."""

from __future__ import annotations

import ast
import io

import pytest
from django.core.management import call_command

from tests.architecture import sources

CONTRACTING = {"RemoveField", "DeleteModel", "RenameField", "RenameModel", "AlterModelTable", "RemoveConstraint"}


def test_what_is_removed_names_the_release_that_stopped_using_it() -> None:
    silent = [
        source.name
        for source in sources.sources()
        if source.is_migration
        and CONTRACTING & {node.attr for node in ast.walk(source.tree) if isinstance(node, ast.Attribute)}
        and "Contracts:" not in (ast.get_docstring(source.tree) or "")
    ]
    assert silent == []


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    said = io.StringIO()
    call_command("makemigrations", check=True, dry_run=True, verbosity=1, stdout=said)
    assert "No changes" in said.getvalue()
