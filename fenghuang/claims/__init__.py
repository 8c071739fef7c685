"""What a report text says in figures, read and written without any records.

`units` knows the measure words, `numbers` the numerals, and `wording` both the words a writer may
put round a figure (120余万元) and what those words promise a reader. `restoring` mends a damaged
web copy, `documents` reads files, `reading` finds the claims, `arithmetic` what does not fit inside
a text, `matching` the indicator that a claim means, `verdicts` whether it is borne out; `texts`
does all that needs no records. Pure Python: nothing here knows Django, a database or the clock, and
what is slow to load is loaded when it is used.
"""
