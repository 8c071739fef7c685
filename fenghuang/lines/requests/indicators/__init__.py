"""What the line counts, beside the records it counts."""

from . import meetings, orders

__all__ = ["meetings", "orders"]
