"""`python -m mendbox`."""

from mendbox.cli import main

main(prog_name="mendbox")
