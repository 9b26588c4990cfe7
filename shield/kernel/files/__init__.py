"""Files attached to records: type found by content, size limited, name never trusted, always a download."""
