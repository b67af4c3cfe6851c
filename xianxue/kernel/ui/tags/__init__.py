"""The functions behind the component tags, by what they show."""
