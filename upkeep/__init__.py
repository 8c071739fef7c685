"""Keeps the tree in order: the Chinese catalogue, and the documents that are made from the code."""
