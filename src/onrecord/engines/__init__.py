"""The outside world behind small protocols; heavy imports stay inside."""
