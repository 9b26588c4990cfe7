from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "shield.kernel.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shield.kernel.jobs import tasks  # noqa: F401
