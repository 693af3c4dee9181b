"""Django's settings, from the environment and the home folder; nothing else of this project is configured here.

Areas are found, not listed: a package `linli.<area>` with an `apps.py` is installed. Numbers and limits of the work
are rules and live in packs, never here.
"""

from __future__ import annotations

import os

from linli.app import databases, homes

LINLI_HOME = homes.home_folder()

SECRET_KEY = homes.secret(LINLI_HOME, "django_key")
DEBUG = False
ALLOWED_HOSTS = [host for host in os.environ.get("LINLI_HOSTS", "127.0.0.1,localhost").split(",") if host]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "procrastinate.contrib.django",
    *(f"linli.{apps.parent.name}" for apps in sorted((homes.PROJECT / "linli").glob("*/apps.py"))),
]

DATABASES = databases.settings_for(LINLI_HOME, os.environ)
AUTH_USER_MODEL = "access.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = sorted((homes.PROJECT / "linli").glob("web/*/locale"))

ROOT_URLCONF = "linli.app.urls"
WSGI_APPLICATION = "linli.app.wsgi.application"
MIDDLEWARE = [
    "linli.web.metrics.measuring.MeasuringMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "linli.web.base.squeezing.SqueezeMiddleware",
    "linli.web.base.display.DisplayMiddleware",
    "linli.web.base.uploads.BodySizeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "linli.web.signin.middleware.SessionRulesMiddleware",
    "linli.web.base.errors.ErrorPagesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": sorted((homes.PROJECT / "linli" / "web").glob("*/templates")),
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "linli.web.base.context.shell",
            ],
            "libraries": {"pages": "linli.web.base.templatetags.pages"},
        },
    }
]
STATIC_URL = "/static/"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}
CSRF_FAILURE_VIEW = "linli.web.base.errors.forbidden"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("LINLI_HTTPS", "") == "1"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE
SECURE_REDIRECT_EXEMPT = [r"^metrics$"]
"""A monitor on the machine itself asks without TLS."""
_HSTS = os.environ.get("LINLI_HSTS") or "subdomains"
SECURE_HSTS_SECONDS = int(os.environ.get("LINLI_HSTS_SECONDS", "31536000")) if SESSION_COOKIE_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _HSTS in ("subdomains", "preload")
SECURE_HSTS_PRELOAD = _HSTS == "preload"
SILENCED_SYSTEM_CHECKS = [
    *(["security.W021"] if _HSTS != "preload" else []),
    *(["security.W005"] if _HSTS == "host" else []),
]
"""Whether browsers are told for the whole domain, and for good, is the owner of the domain's to decide."""
PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("LINLI_PROXIES", "1" if SESSION_COOKIE_SECURE else "0"))
"""Proxies of our own in front: so many names at the end of X-Forwarded-For are believed."""
LARGEST_BODY = int(os.environ.get("LINLI_LARGEST_BODY_MB", "48")) * 2**20
"""Bytes of the largest body of any request; what photos and tables may have is the pack's to say, and less."""
FILE_UPLOAD_HANDLERS = ["linli.web.base.uploads.InMemoryHandler"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SESSION_COOKIE_SECURE else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if SESSION_COOKIE_SECURE else []

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk"
ACCOUNT_ADAPTER = "linli.web.signin.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "name"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,5/15m/key"}
"""Five wrong passwords lock a name for a quarter of an hour; a household or an office behind one address is not hurt."""
MFA_ADAPTER = "linli.web.signin.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]

CACHES = {"default": {"BACKEND": "linli.access.counting.CountingCache", "LOCATION": "web_cache"}}
"""In the database: a limit on tries holds over all workers."""

API_REQUESTS_A_MINUTE = int(os.environ.get("LINLI_API_A_MINUTE", "0"))
"""How many requests a key has in one minute, for an operator who must leave the pack's number; 0 = the pack's."""
API_LARGEST_BODY = 16 * 2**20
"""Bytes of the largest body that the API begins to read: a photo with its wrapping."""

PROCRASTINATE_IMPORT_PATHS = ["linli.app.jobs"]

METRICS_SECRET = homes.secret(LINLI_HOME, "metrics")
"""With it a monitor elsewhere may read /metrics; without one only this machine itself may."""

LOGGING_CONFIG = None
"""Logs are set up by `linli.app.logs`, which leaves out SQL and its parameters."""

KIND_PATHS: list[str] = []
"""Folders, besides `linli/kinds`, in which kinds of case are looked for; used by tests."""
