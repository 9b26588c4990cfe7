from django.apps import AppConfig


class LessonsConfig(AppConfig):
    name = "shield.domain.lessons"
    label = "lessons"
