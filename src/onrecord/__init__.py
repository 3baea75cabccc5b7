"""Onrecord runs an interview series from one folder."""

__version__ = "0.1.0"
