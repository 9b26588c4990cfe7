"""What a document is made of, how it is kept as data, and how it is numbered."""
