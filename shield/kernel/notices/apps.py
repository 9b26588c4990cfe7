from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "shield.kernel.notices"
    label = "notices"
