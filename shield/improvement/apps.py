from django.apps import AppConfig


class ImprovementConfig(AppConfig):
    name = "shield.improvement"
    label = "improvement"
