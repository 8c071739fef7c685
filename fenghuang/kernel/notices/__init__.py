"""Telling people and other programs what happened, by e-mail and webhook.

An action says what is to be told (`actions.notify`, `actions.announce`) inside its own transaction,
so that what was rolled back is told to nobody. The table of notices is the queue: the worker, or
`fenghuang notices send`, takes what is due (`delivery.send_due`) and tries again with growing
pauses. Each reminder has a key, and is told once to each receiver.
"""
