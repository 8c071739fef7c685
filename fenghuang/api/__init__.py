"""JSON for programs: every line's records, entered and read with a token.

Addresses are /api/<line>/<records>/ and /api/<line>/<records>/<number>/; /api/ explains them to
people and /api/openapi.json to programs, both made from the lines' columns. What a program may do
is what the person may do whose token it sends, as far as the token is for it.
"""
