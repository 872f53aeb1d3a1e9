"""File formats: bytes to domain documents and back; no Django, no database.

Adding one: a module, a line in the dict, golden files in tests/formats/golden, a row in docs/formats.md.
"""
