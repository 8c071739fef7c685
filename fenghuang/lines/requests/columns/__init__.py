"""The ledgers of the line, with the headers that the offices know, and what programs send."""

from .meetings import INTAKES, LEDGERS

__all__ = ["INTAKES", "LEDGERS"]
