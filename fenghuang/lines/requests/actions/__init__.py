"""The verbs of the line; only these write."""
