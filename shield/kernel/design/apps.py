"""Django's name for the room."""

from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "shield.kernel.design"
    label = "design"
