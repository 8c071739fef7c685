"""Settings, addresses, and the one list of work lines switched on."""
