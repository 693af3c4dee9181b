"""The scopes of keys, as the API asks for them; `access` names them, because keys are made there."""

from __future__ import annotations

from linli.access.scopes import Scope

__all__ = ["Scope"]
