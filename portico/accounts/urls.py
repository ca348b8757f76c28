"""Addresses of `accounts`: allauth's views one by one; what is not listed is not there."""

from django.urls import path

from portico.accounts.views import own_account, passwords, sign_in

urlpatterns = [
    path("accounts/login/", sign_in.sign_in, name="account_login"),
    path("accounts/logout/", sign_in.sign_out, name="account_logout"),
    path("accounts/reauthenticate/", sign_in.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/reset/", passwords.ask_for_reset, name="account_reset_password"),
    path(
        "accounts/password/reset/done/", passwords.reset_asked, name="account_reset_password_done"
    ),
    path("accounts/password/reset/key/", passwords.reset_password, name="accounts.reset_password"),
    path(
        "accounts/password/reset/key/<uuid:user_id>/<str:token>/",
        passwords.reset_link,
        name="account_reset_password_from_key",
    ),
    path("accounts/choose/", passwords.choose_password, name="accounts.choose_password"),
    path(
        "accounts/choose/<uuid:user_id>/<str:token>/",
        passwords.choice_link,
        name="accounts.choice_link",
    ),
    path("accounts/password/change/", passwords.change_password, name="account_change_password"),
    path("account/avatar/", own_account.avatar, name="accounts.avatar"),
    path("account/", own_account.show, name="accounts.show"),
    path("account/sessions/end/", own_account.end_sessions, name="accounts.end_sessions"),
    path("account/theme/", own_account.theme, name="accounts.theme"),
]
