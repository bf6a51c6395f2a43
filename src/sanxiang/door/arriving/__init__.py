"""What another system did comes in: open cases, published records, the day of going live."""
