"""Addresses of `transfers`."""

from django.urls import URLPattern, path

from portico.transfers import views
from portico.transfers.exports import pages

urlpatterns: list[URLPattern] = [
    path("exports/new/", pages.export_new, name="exports.new"),
    path("imports/new/", views.import_new, name="imports.new"),
    path("imports/<uuid:id>/", views.import_show, name="imports.show"),
    path("imports/<uuid:id>/mapping/", views.import_mapping, name="imports.mapping"),
    path("imports/<uuid:id>/sheet/", views.import_sheet, name="imports.sheet"),
    path("imports/<uuid:id>/correct/", views.import_correct, name="imports.correct"),
    path("imports/<uuid:id>/check/", views.import_check, name="imports.check"),
    path("imports/<uuid:id>/run/", views.import_run, name="imports.run"),
    path("imports/<uuid:id>/cancel/", views.import_cancel, name="imports.cancel"),
    path("imports/<uuid:id>/undo/", views.import_undo, name="imports.undo"),
    path("imports/<uuid:id>/failures/", views.import_failures, name="imports.failures"),
]
