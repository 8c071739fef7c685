"""The line's screens: translate in, one call, translate out."""
