from django.apps import AppConfig


class Notices(AppConfig):
    name = "fenghuang.kernel.notices"
    label = "notices"
