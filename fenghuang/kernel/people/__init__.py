"""Who does the work: units, staff, and who holds which role, for which line, where and when."""
