"""What the house is measured by: `python -m benchmarks [NAME …] [--quick] [--write]`.

Each bench is a module here with `measure(quick)`, which yields results. It runs once for each
of its databases, in a process of its own, with the settings of an installation and a home that
goes away.

Everything is a median, everything stays on this machine, and counts and times are bounded. Machines
differ: the ratios are what stays, and the two sides of a ratio are measured in turns in one run.
"""
