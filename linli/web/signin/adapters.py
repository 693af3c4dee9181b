"""How allauth does things here: no sign-up, our words, secrets under the key ring, and how many tries are left."""

from __future__ import annotations

import base64
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from linli.journal.keyring import key_ring

_BOUND = b"web.second_factor"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator; there is no mail and no sign-up."""

    error_messages = {  # noqa: RUF012 - allauth's own shape
        **DefaultAccountAdapter.error_messages,
        "account_inactive": gettext_lazy("Account or password is wrong."),
        "incorrect_password": gettext_lazy("The password is wrong."),
        "too_many_login_attempts": gettext_lazy("Locked for 15 minutes to protect the account."),
        "rate_limited": gettext_lazy("Too many tries from this connection. Try again in a minute."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail is sent."""

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """What worked is seen by what follows; nothing is announced."""

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Whether the password is asked for again: not of somebody who has just given it and has no second factor yet."""
        request = context.request
        if app != "allauth.mfa" or is_mfa_enabled(request.user):
            return True
        records = get_authentication_records(request, request.user)
        return not records or time.time() - records[-1]["at"] > app_settings.REAUTHENTICATION_TIMEOUT

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Say how many tries are left, alike for accounts that exist and those that do not."""
        left = self._tries_left(request, **credentials)
        words = _("Account or password is wrong.")
        if left is not None:
            words += ngettext("{n} try left.", "{n} tries left.", left).format(n=left)
        raise ValidationError(words, code="invalid_login")

    def _tries_left(self, request: HttpRequest, **credentials: Any) -> int | None:
        """Tries left for this name, from the same counter that locks it."""
        key = self._get_login_attempts_cache_key(request, **credentials)
        for rate in ratelimit.parse_rates(app_settings.RATE_LIMITS.get("login_failed")):
            if rate.per == "key":
                name = ratelimit.get_cache_key(
                    request, app="allauth.account", action="login_failed", rate=rate, key=key
                )
                since = time.time() - rate.duration
                return int(max(rate.amount - sum(one > since for one in cache.get(name, [])), 0))
        return None


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps secrets encrypted by the key ring and names us in the code app."""

    error_messages = {  # noqa: RUF012 - allauth's own shape
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("That code is not right. Look at the app again; it changes every 30 seconds."),
    }

    def get_totp_issuer(self) -> str:
        """The name shown in the app that makes codes."""
        return "邻里 Linli"

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """The account's name."""
        return user.get_username()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Who a passkey is for: this host, under our name."""
        return {"id": context.request.get_host().partition(":")[0], "name": self.get_totp_issuer()}

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:  # noqa: A002 - allauth's own name
        """What a passkey without a name is called."""
        return _("Passkey")

    def encrypt(self, text: str) -> str:
        """Seal a secret: `key id:cipher`."""
        key_id, cipher = key_ring().seal(text.encode(), _BOUND)
        return f"{key_id}:{base64.b64encode(cipher).decode()}"

    def decrypt(self, encrypted_text: str) -> str:
        """Open what `encrypt` sealed."""
        key_id, _colon, cipher = encrypted_text.rpartition(":")
        return key_ring().open(key_id, base64.b64decode(cipher), _BOUND).decode()

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail is sent."""
