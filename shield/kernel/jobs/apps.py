from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "shield.kernel.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Every module's jobs are known to every process: a schedule that nobody imported would never run, silently.
        autodiscover_modules("tasks")
