"""Reports: prose with figures in it, compiled, edited, and traced back to the records."""
