"""The fast floor: an edition or the series' cards to bytes, one file an output."""
