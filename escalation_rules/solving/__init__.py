"""Conditions as formulas: what they can be, and a case in which they are."""
