"""The shell that all lines share: sign-in, home, search, people and places, and how it all looks."""
