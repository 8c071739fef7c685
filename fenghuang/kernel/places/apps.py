from django.apps import AppConfig


class Places(AppConfig):
    name = "fenghuang.kernel.places"
    label = "places"
