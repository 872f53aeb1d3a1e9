"""Discourse Network Analyzer 3: one SQLite file with documents, coders and statements.

A statement of DNA is a piece of text with an actor, a concept and whether the actor agrees. A claim becomes one for
each of its actors and places; its gaps are lost. Every other span becomes one of a type of its own (`Mention`), so that
it comes back. What DNA has no place for stands in the notes of the document.
"""

from annotations.formats.dna.reading import read
from annotations.formats.dna.writing import write

__all__ = ["read", "write"]
