"""Measurements. Every figure is a ratio of two things measured in the same run, interleaved."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanxiang.settings")
django.setup()
