"""A JSON column that keeps what was written in the order in which it was written.

The procedure of a kind lists its states and steps in the order in which people meet them; `jsonb` would sort them.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.types.json import Json


class WrittenJSONField(models.JSONField):
    """A JSON field of the type `json`: kept as text, read whole, never searched inside."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """The column's type."""
        return "json"

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        """What the driver has read already."""
        return value

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        """The value as text, in its own order."""
        return value if isinstance(value, Json) else Json(value)
