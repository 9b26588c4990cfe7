from django.apps import AppConfig


class VoiceConfig(AppConfig):
    name = "shield.domain.voice"
    label = "voice"
