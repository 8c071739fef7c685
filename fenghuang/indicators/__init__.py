"""What the office counts: definitions as data, periods, the registry, and figures over records."""
