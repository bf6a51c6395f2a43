"""现场: the desk without a network."""
