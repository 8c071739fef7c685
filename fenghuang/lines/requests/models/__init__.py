"""Facts and constraints of the line."""

from .meetings import Category, Meeting, Problem, ProjectItem, SmallMatter
from .orders import Callback, Satisfied, Solved, WorkOrder
from .routing import Duty, Follower, ReplyTemplate, RoutingRule

__all__ = [
    "Callback",
    "Category",
    "Duty",
    "Follower",
    "Meeting",
    "Problem",
    "ProjectItem",
    "ReplyTemplate",
    "RoutingRule",
    "Satisfied",
    "SmallMatter",
    "Solved",
    "WorkOrder",
]
