"""公示: the public text of a decision, masked."""
