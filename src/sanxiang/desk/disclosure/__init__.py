"""公示: texts before they go out, and what stands in public."""
