"""The rules of chronologies: states, which column is what, what may be the same event, what is missing. Pure."""
