"""Files that show that a record is true: photos, documents, signatures.

    actions.attach(record, upload, kind=Attachment.Kind.PHOTO, actor=user)
    queries.evidence_of(record)

A file is judged by its content, never by its name, and kept once under its SHA-256. Pictures are
drawn anew, so that place, camera and whatever else rode along are gone. Each kind has a day on
which its files are destroyed; the journal keeps the hash and the receipt.
"""
