from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "shield.meetings"
    label = "meetings"
