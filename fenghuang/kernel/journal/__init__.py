"""The append-only journal of a street office: every change of a record is one entry of it.

`write` is the only way to change a record, `read` answers from the journal, `check` finds any
changed bit. The bytes are specified, with test vectors, in docs/journal-format.md.
"""
