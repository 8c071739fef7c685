"""The shell that all lines share: sign-in, home, search, people, places, and the look of it all."""
