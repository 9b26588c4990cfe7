from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "shield.kernel.accounts"
    label = "accounts"

    def ready(self) -> None:
        from shield.kernel.accounts import tasks  # noqa: F401
