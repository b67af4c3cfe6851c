"""Major decisions of the demonstration: bodies, a year of proposals in every phase, and what was planted among them."""
