"""The least that Django does to take a record in: no journal, no place, no number, no sign-in.

A view that inserts two rows in one transaction, behind no middleware, over the same database with
the same settings. What the house does in the same time is measured against it.
"""
