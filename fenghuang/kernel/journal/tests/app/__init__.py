"""Records for the journal's own tests: settings of a test run name this app."""
