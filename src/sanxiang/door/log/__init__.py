"""账: anchors, keys, witnesses, erasure, the nightly look over files."""
