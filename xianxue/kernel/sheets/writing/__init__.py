"""From differences to records, and back."""
