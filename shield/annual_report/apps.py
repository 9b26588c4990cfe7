from django.apps import AppConfig


class AnnualReportConfig(AppConfig):
    name = "shield.annual_report"
    label = "annual_report"
