"""The slow floor: files to files, one file a step."""
