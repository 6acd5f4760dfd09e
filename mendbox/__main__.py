"""`python -m mendbox`."""

from mendbox.cli import main

main()
