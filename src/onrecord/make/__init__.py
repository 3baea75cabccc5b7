"""The rebuild machinery; it knows nothing of sound."""
