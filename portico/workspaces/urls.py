"""Addresses of `workspaces`."""

from django.urls import URLPattern, path

from portico.workspaces.views import home, settings

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("home/dismiss-first-steps/", home.dismiss_first_steps, name="home.dismiss_first_steps"),
    path("help/", home.help_page, name="help"),
    path("settings/", settings.general, name="settings.general"),
]
