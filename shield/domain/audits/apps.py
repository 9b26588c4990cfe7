from django.apps import AppConfig


class AuditsConfig(AppConfig):
    name = "shield.domain.audits"
    label = "audits"
