"""What every record of every line has: identity, number, place, times, life cycle, links."""
