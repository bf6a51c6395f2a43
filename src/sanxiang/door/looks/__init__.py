"""调阅: who looked at what, why, and what came of it."""
