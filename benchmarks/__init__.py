"""What the system costs, measured: times and peak memory. Nothing here is asserted in a test."""
