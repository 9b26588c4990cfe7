from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "shield.kernel.retention"
    label = "retention"

    def ready(self) -> None:
        from shield.kernel.retention import tasks  # noqa: F401
