"""全过程记录: sound, film and files, from the stream that brings them to the step that they prove."""
