"""The `fenghuang` command. Its words, JSON and exit codes are stable: machines read them.

Exit codes: 0 fine, 1 something was found, 2 wrong use or unreadable input, with one clear line.
"""
