"""The address of the search, below the partnership's own."""

from django.urls import path

from shield.kernel.search import views

urlpatterns = [path("", views.search, name="search")]
