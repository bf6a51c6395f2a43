"""Exchange on the desk: what other systems have, what not, and why."""
