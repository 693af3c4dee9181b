"""Addresses of the whole installation: each face of the web and the API brings its own, found by folder."""

from __future__ import annotations

from importlib import import_module

from django.urls import URLPattern, URLResolver, include, path

from linli.app.homes import PROJECT


def _faces() -> list[str]:
    """Modules with addresses: `linli.api.urls`, where there is one, and `linli.web.<face>.urls`.

    The API first: its addresses share one beginning, and what asks it asks most often.
    """
    folders = [*sorted((PROJECT / "linli").glob("api/urls.py")), *sorted((PROJECT / "linli" / "web").glob("*/urls.py"))]
    return [".".join(file.relative_to(PROJECT).with_suffix("").parts) for file in folders]


urlpatterns: list[URLPattern | URLResolver] = [path("", include(import_module(face))) for face in _faces()]

handler400 = "linli.web.base.errors.bad_request"
handler403 = "linli.web.base.errors.forbidden"
handler404 = "linli.web.base.errors.not_found"
handler500 = "linli.web.base.errors.server_error"
