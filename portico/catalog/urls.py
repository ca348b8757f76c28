"""Addresses of `catalog`."""

from django.urls import URLPattern, path

from portico.catalog.views import services, subscriptions

urlpatterns: list[URLPattern] = [
    path("services/", services.service_list, name="services.list"),
    path("services/new/", services.service_new, name="services.new"),
    path("services/<uuid:id>/edit/", services.service_edit, name="services.edit"),
    path("services/<uuid:id>/switch/", services.service_switch, name="services.switch"),
    path(
        "organizations/<uuid:id>/services/",
        subscriptions.organization_services,
        name="organizations.services",
    ),
    path(
        "organizations/<uuid:id>/services/switch/",
        subscriptions.organization_switch_service,
        name="organizations.switch_service",
    ),
]
