"""The desk of publication: what waits, one text as the public sees it, its channels, who does what, what is still not public."""
