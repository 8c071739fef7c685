"""A made-up street with a made-up year, to try the whole system without any real person's data.

Only the street's name and code are real. Communities, compounds, lanes, texts and telephone numbers
are invented; everything follows from a seed, so two machines see the same street.
"""
