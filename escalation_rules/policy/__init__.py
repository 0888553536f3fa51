"""Policies: the vocabulary, the rules, and how both are read from YAML."""
