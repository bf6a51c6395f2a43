"""Addresses of the whole house."""

from django.urls import URLPattern, URLResolver, include, path

from sanxiang.square.components import components

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("sanxiang.api.urls")),
    path("components/", components, name="components"),
    path("desk/", include("sanxiang.people.urls")),
    path("desk/", include("sanxiang.desk.urls")),
    path("", include("sanxiang.square.urls")),
]
