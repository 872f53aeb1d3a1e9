"""The JSON face (and the HTMX partials of the desk) over services and selectors."""
