"""Formats results as text and as data, one module for each kind."""
