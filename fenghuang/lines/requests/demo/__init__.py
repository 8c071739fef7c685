"""Enters the made-up year through the line's own actions."""

from fenghuang.demo.books import DemoBooks, Progress

from . import meetings, orders


def enter(books: DemoBooks, progress: Progress) -> None:
    """The meetings with their problems, then the orders: so the former keep their numbers."""
    meetings.enter(books, progress)
    orders.enter(books, progress)


__all__ = ["enter"]
