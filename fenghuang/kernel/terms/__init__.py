"""The field's words: one Chinese term, one English word, one code.

`term("hazard")` answers the noun in the reader's language. The glossary is a file that people
can read and mend; `not` lists the words that must not be used in its place.
"""

from .glossary import GLOSSARY, Term, UnknownTerm, faults, term

__all__ = ["GLOSSARY", "Term", "UnknownTerm", "faults", "term"]
