"""清单: kinds of lists, who vets them before they are public, what differs between versions."""
