"""Two tables: what was reported, and that it was."""

from django.db import models


class Report(models.Model):
    text = models.TextField()
    category = models.CharField(max_length=12)
    happened_on = models.DateField()
    lon = models.FloatField()
    lat = models.FloatField()
    entered_at = models.DateTimeField(auto_now_add=True)


class Event(models.Model):
    report = models.ForeignKey(Report, models.PROTECT)
    said = models.TextField()
    entered_at = models.DateTimeField(auto_now_add=True)
