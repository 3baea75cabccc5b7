"""Where people meet Onrecord; only this floor prints."""
