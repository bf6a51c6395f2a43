"""What goes out to other systems and what they say of it: connectors, the outbox, receipts."""
