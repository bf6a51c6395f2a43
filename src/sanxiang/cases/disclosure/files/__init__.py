"""附件: what a file says besides what is seen of it, and the new file that goes out in its place."""
