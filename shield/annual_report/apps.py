from django.apps import AppConfig


class AnnualReportConfig(AppConfig):
    name = "shield.annual_report"
    label = "annual_report"

    def ready(self) -> None:
        from shield.annual_report import tasks  # noqa: F401
