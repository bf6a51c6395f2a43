"""案卷: the file of a case, in order, to take away."""
