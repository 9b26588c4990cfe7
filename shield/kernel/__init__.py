"""What every module stands on. The kernel knows no word of the domain."""
