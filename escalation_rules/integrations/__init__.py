"""Integrations with help desks, text signals, agents, batches and spreadsheets.

Nothing else in the library imports them.
"""
