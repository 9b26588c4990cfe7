from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "shield.kernel.accounts"
    label = "accounts"
