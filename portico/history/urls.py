"""Addresses of `history`."""

from django.urls import URLPattern, path

from portico.history import views

urlpatterns: list[URLPattern] = [
    path("changes/", views.act_list, name="acts.list"),
    path("changes/last/undo/", views.act_undo_last, name="acts.undo_last"),
    path("changes/<uuid:id>/undo/", views.act_undo, name="acts.undo"),
    path("events/<uuid:id>/restore/", views.event_restore, name="events.restore"),
]
