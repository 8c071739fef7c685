"""One module for each kind of thing that may not fit inside a text.

A detector takes a passage and yields findings. It says error only where no honest reading of the
words is left, question where a definition that the text does not give could explain the figures,
note where nothing is wrong but a reader will miss something. In doubt it stays silent.
"""
