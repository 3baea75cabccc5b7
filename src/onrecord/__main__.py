"""`python -m onrecord`: the command line."""

from onrecord.faces.cli import main

main()
