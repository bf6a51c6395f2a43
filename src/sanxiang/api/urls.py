"""Addresses of the API; included below /api/."""

from django.urls import URLPattern, URLResolver, include, path

from sanxiang.api.v1 import addresses

urlpatterns: list[URLPattern | URLResolver] = [path("v1/", include(addresses()))]
