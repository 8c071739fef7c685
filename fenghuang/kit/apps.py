from django.apps import AppConfig


class Kit(AppConfig):
    name = "fenghuang.kit"
    label = "kit"
