"""What a web server calls: static files out of memory, Django for the rest, with this project's settings and logs."""

from __future__ import annotations

from linli.app import ready

ready.django()

from django.core.wsgi import get_wsgi_application  # noqa: E402 - Django is set up first
from django.urls import get_resolver  # noqa: E402

from linli.app.homes import PROJECT  # noqa: E402
from linli.app.statics import StaticFiles  # noqa: E402

# Every page is imported here: nobody's first request is to wait for that.
_PAGES = get_resolver().url_patterns

application = StaticFiles(get_wsgi_application(), PROJECT / "linli" / "web" / "static")
