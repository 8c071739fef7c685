"""The life cycles of the line as data."""

from .meetings import MEETING, PROBLEM, PROJECT_ITEM, SMALL_MATTER

CYCLES = (MEETING, PROBLEM, PROJECT_ITEM, SMALL_MATTER)
