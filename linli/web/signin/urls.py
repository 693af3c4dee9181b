"""Addresses of signing in. The names are those by which allauth finds its own pages."""

from __future__ import annotations

from django.urls import path

from linli.web.signin import views

urlpatterns = [
    path("sign-in", views.sign_in, name="account_login"),
    path("sign-in/code", views.second_factor, name="mfa_authenticate"),
    path("sign-out", views.sign_out, name="account_logout"),
    path("sign-in/again", views.again, name="account_reauthenticate"),
    path("sign-in/again/code", views.again_with_code, name="mfa_reauthenticate"),
    path("sign-in/security", views.security, name="mfa_index"),
    path("sign-in/password", views.change_password, name="account_change_password"),
    path("sign-in/app", views.enrol, name="mfa_activate_totp"),
    path("sign-in/app/remove", views.remove_app, name="mfa_deactivate_totp"),
    path("sign-in/passkeys", views.passkeys, name="mfa_list_webauthn"),
    path("sign-in/passkeys/new", views.add_passkey, name="mfa_add_webauthn"),
    path("sign-in/passkeys/<int:pk>/remove", views.remove_passkey, name="mfa_remove_webauthn"),
    path("sign-in/again/passkey", views.again_with_passkey, name="mfa_reauthenticate_webauthn"),
    path("sign-in/codes", views.show_codes, name="mfa_view_recovery_codes"),
    path("sign-in/codes/new", views.new_codes, name="mfa_generate_recovery_codes"),
    path("sign-in/codes/download", views.download_codes, name="mfa_download_recovery_codes"),
]
