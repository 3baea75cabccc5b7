"""Text in and out: one file a format, `read()` and `write()`, and a law that they undo each other."""
