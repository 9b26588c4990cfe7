from django.apps import AppConfig


class LearningHubConfig(AppConfig):
    name = "shield.domain.learning_hub"
    label = "learning_hub"
