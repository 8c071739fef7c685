"""Open311 as its clients see it: over HTTP, in XML and JSON, by the words of the standard."""
