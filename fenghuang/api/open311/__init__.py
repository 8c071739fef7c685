"""Open311 GeoReport v2: other systems report matters and ask what became of them, in XML or JSON.

What is on offer comes from a line by its door; here is only the protocol. Each answer is described
once and written in either form. Source: wiki.open311.org/GeoReport_v2, its update extension as
mySociety wrote it down, and its bulk format.
"""
