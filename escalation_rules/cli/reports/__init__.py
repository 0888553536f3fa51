"""Answers as text and as data, one module for each kind of answer."""
