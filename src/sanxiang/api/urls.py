"""Addresses of the API; included below /api/."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from sanxiang.api.v1 import addresses, nowhere

urlpatterns: list[URLPattern | URLResolver] = [path("v1/", include(addresses())), re_path(r"^", nowhere)]
