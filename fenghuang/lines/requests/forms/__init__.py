"""What the line asks people. A form's fields are the arguments of its action."""
