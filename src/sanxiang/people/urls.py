"""Addresses of signing in and out, to be included under /desk/."""

from django.urls import path

from sanxiang.people import signin

urlpatterns = [
    path("sign-in/", signin.sign_in, name="sign-in"),
    path("sign-out/", signin.sign_out, name="sign-out"),
    path("password/", signin.change_password, name="password"),
]
