"""What a report text says in figures, read and written without any records.

`units` knows the measure words, `numbers` the numerals, and `wording` both the words a writer may
put round a figure (120余万元) and what those words promise a reader. Pure Python, standard library
only: nothing here knows Django, a database or the clock.
"""
