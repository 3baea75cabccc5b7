"""The ideas: pure functions over the model."""
