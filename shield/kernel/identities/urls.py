"""Addresses of this module, without the partnership and `identities`."""

from __future__ import annotations

from django.urls import path

from shield.kernel.identities import views

urlpatterns = [
    path("", views.identities, name="identities"),
    path("add", views.identity_add, name="identity_add"),
    path("words", views.names_decide, name="names_decide"),
    path("<uuid:id>", views.identity, name="identity"),
    path("<uuid:id>/change", views.identity_change, name="identity_change"),
]
