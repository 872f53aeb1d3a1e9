"""The application in which people label news articles; its layers are drawn in docs/architecture.md."""
