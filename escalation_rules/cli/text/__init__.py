"""Text on a terminal: pages, width, wrapping, streams, and the catalogue of the languages."""
