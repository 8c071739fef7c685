"""What the line counts, beside the records it counts."""

from . import meetings

__all__ = ["meetings"]
