"""The life cycles of the line as data."""

from .meetings import MEETING, PROBLEM, PROJECT_ITEM, SMALL_MATTER
from .orders import WORK_ORDER

CYCLES = (MEETING, PROBLEM, PROJECT_ITEM, SMALL_MATTER, WORK_ORDER)
