"""Pages of people beside the registers."""
