"""JSON for programs: every line's records, entered and read with a token.

Addresses are /api/<line>/<records>/ and /api/<line>/<records>/<number>/; /api/ lists them with
their fields. What a program may do is what the person may do whose token it sends.
"""
