"""Parses the command line and reads inputs, with hints for invalid ones."""
