"""Addresses of `notifications`."""

from django.urls import URLPattern, path

from portico.notifications import views

urlpatterns: list[URLPattern] = [
    path("settings/outbox/", views.outbox, name="settings.outbox"),
    path("settings/outbox/send-again/", views.send_mail_again, name="settings.outbox_send_again"),
    path("settings/mail/", views.mail, name="settings.mail"),
    path("settings/mail/test/", views.test_mail, name="settings.mail_test"),
    path("settings/mail/test/state/", views.test_state, name="settings.mail_test_state"),
]
