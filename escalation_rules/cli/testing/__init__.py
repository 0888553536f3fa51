"""Runs the tests of a policy for `test`, `coverage` and `mutate`: features by pytest or in this process, and examples."""
