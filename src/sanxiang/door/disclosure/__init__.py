"""Publication at the door: the files that go out, and what should have been published and was not."""
