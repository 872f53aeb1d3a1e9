"""The Django project: settings, URL root, the embedded database and the entry of the server."""
