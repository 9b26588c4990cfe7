"""The rules of keeping and disposing; all pure."""
