from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "shield.kernel.files"
    label = "files"
