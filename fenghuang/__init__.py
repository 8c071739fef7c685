"""Fenghuang: the work ledger of a street office."""

__version__ = "0.1.0"
