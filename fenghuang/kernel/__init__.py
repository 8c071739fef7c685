"""What every line stands on: places, people, records, journal, evidence, working time, terms."""
