"""What a web server calls: Django, with this project's settings and logs."""

from __future__ import annotations

from linli.app import ready

ready.django()

from django.core.wsgi import get_wsgi_application  # noqa: E402 - Django is set up first

application = get_wsgi_application()
