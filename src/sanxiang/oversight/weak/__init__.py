"""薄弱环节: where figures fall short, what is done about it, and which enforcement is watched with priority."""
