"""The work lines (条线). Each is the same inside, and none knows another."""
