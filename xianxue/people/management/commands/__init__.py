"""Commands of the command line about people."""
