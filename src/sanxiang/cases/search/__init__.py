"""The portal's search: what matches, and the index that finds it fast."""
