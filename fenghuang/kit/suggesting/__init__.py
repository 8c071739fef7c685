"""Learned from an office's own texts: which label fits a new one, how surely, and by which words.

A suggestion is shown beside the table that decides, never applied by itself. `sheets` reads
labelled rows, `examples` says which of them teach, `learning` learns, `measuring` holds what was
learned against rows it has not seen, `suggester` keeps it in a file and answers.
"""
