from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "shield.kernel.notices"
    label = "notices"

    def ready(self) -> None:
        from shield.kernel.notices import tasks  # noqa: F401
