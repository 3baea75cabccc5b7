"""The one floor that knows which file is where."""
