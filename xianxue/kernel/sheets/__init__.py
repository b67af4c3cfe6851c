"""Excel as a door like any other: recognised, checked in columns, compared cell by cell, written by commands."""
