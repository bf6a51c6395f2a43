"""What finds personal data in a text, by kind."""
