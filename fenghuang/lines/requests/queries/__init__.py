"""What the line's screens ask, within the scope of the person who asks."""

from .meetings import tasks

__all__ = ["tasks"]
