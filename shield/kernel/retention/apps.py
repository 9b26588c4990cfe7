from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "shield.kernel.retention"
    label = "retention"
