from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "shield.kernel.disclosure"
    label = "disclosure"
