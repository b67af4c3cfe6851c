"""What can be asked: operations of registers, indicators, matters and webhooks."""
