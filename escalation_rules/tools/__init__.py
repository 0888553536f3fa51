"""Tools that examine policies, cases and decisions. No tool imports another."""
