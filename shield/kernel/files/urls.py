"""Addresses of this module, without the partnership."""

from __future__ import annotations

from django.urls import path

from shield.kernel.files import views

urlpatterns = [path("<uuid:id>", views.file, name="file")]
