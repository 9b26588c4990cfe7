from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "shield.kernel.reporting"
    label = "reporting"
