"""案卷评查: a file judged again by the law that gated its steps, and scored by the standard that its pack states."""
