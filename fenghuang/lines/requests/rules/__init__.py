"""What the line decides, from plain values to plain values."""
