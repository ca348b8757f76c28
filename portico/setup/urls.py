"""Addresses of `setup`."""

from django.urls import URLPattern, path

from portico.setup import views

urlpatterns: list[URLPattern] = [
    path("setup/<str:token>/", views.first_run, name="setup.first_run"),
    path("example-data/add/", views.add_example_data, name="example_data.add"),
    path("example-data/remove/", views.remove_example_data_page, name="example_data.remove"),
]
