"""调阅: who looked at what, and why."""
