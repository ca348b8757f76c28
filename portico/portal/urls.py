"""Addresses of `portal`."""

from django.urls import URLPattern, path

from portico.portal import views

urlpatterns: list[URLPattern] = [
    path("", views.home, name="portal.home"),
    path("locations/", views.locations, name="portal.locations"),
    path("organization/", views.choose_organization, name="portal.organization"),
    path("closed/", views.closed, name="portal.closed"),
]
