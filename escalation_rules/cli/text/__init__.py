"""Text output on terminals: pages, width, wrapping, streams."""
