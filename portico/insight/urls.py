"""Addresses of `insight`."""

from django.urls import URLPattern, path

from portico.insight import views

urlpatterns: list[URLPattern] = [
    path("views/new/", views.view_new, name="views.new"),
    path("views/counts/<slug:subject>/", views.view_counts, name="views.counts"),
    path("views/<uuid:id>/edit/", views.view_edit, name="views.edit"),
    path("views/<uuid:id>/delete/", views.view_delete, name="views.delete"),
]
