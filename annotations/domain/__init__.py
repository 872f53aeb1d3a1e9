"""Plain values and algorithms: no Django, no database."""
