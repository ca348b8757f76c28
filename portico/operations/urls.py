"""Addresses of `operations`."""

from django.urls import URLPattern, path

from portico.operations import views

urlpatterns: list[URLPattern] = [
    path("operations/", views.index, name="operations.list"),
    path("operations/<uuid:operation_id>/", views.show, name="operations.show"),
    path("operations/<uuid:operation_id>/progress/", views.progress, name="operations.progress"),
    path("operations/<uuid:operation_id>/cancel/", views.cancel, name="operations.cancel"),
    path("operations/<uuid:operation_id>/undo/", views.undo, name="operations.undo"),
    path("operations/<uuid:operation_id>/file/", views.result_file, name="operations.file"),
]
