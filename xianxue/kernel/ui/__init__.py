"""Tokens, components, charts, tables and the shell for staff: what a page is made of."""
