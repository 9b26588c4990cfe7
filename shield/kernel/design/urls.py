"""No addresses of its own: the project places the components page, behind the permission it chooses."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
