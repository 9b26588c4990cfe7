from django.apps import AppConfig


class ChronologiesConfig(AppConfig):
    name = "shield.domain.chronologies"
    label = "chronologies"
