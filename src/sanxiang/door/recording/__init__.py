"""音像: devices, rooms, uses, and the discipline of recording."""
