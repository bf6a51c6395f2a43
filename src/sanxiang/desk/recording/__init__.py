"""音像: recordings, devices, coverage."""
