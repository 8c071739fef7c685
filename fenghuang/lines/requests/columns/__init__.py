"""The ledgers of the line, with the headers that the offices know, and what programs send."""

from . import meetings, orders

LEDGERS = (*meetings.LEDGERS, *orders.LEDGERS)
INTAKES = (*meetings.INTAKES, *orders.INTAKES)

__all__ = ["INTAKES", "LEDGERS"]
