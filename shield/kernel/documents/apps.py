"""The documents room as a Django application, so that its tests and type files are found."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Documents have no models of their own."""

    name = "shield.kernel.documents"
    label = "documents"
    verbose_name = "Documents"
