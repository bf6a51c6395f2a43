"""案卷: asked for, copied, lent, handed over."""
