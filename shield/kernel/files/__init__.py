"""Files attached to records: type found by content, size limited, name never trusted, served as attachments."""
