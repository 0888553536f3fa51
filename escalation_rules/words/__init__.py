"""Renders values, rules and decisions in words: labels, sentences, formats."""
