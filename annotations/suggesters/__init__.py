"""Engines that propose spans for a text: one module each, no Django, no database."""
