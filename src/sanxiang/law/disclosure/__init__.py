"""What a pack says of publication: how a decision of each kind reads in public, and which are not published, with the reason."""
