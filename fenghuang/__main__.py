"""`python -m fenghuang` is the `fenghuang` command."""

from fenghuang.cli.main import main

main()
