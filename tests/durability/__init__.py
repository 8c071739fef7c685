"""What was acknowledged stays: real servers, killed in the middle of their work.

Each office here is an installation of its own, on the database of the run, and is seen from
outside: over HTTP as a program sees it, and through the `fenghuang` command.
"""
