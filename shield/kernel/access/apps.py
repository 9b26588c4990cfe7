from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "shield.kernel.access"
    label = "access"
