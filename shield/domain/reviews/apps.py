from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "shield.domain.reviews"
    label = "reviews"
