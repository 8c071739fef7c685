"""Facts and constraints of the line."""

from .meetings import Category, Meeting, Problem, ProjectItem, SmallMatter

__all__ = ["Category", "Meeting", "Problem", "ProjectItem", "SmallMatter"]
