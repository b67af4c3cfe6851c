"""The one library that all component tags register with."""

from django.template import Library

register = Library()
