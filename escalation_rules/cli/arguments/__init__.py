"""What the command line says: options, inputs and the hints on both."""
