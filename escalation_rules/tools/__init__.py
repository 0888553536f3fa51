"""What looks at policies and decisions from outside; no tool imports another."""
