"""Let `python -m tertius.cli` run the command line."""

from tertius.cli import main

main()
