"""What lines are built with: their door, screens, tables, columns, maps."""
