"""From a frame of text to what an import would do: problems, matches, differences."""
