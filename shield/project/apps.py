from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "shield.project"
    label = "project"
