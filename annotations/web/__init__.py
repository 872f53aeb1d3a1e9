"""The HTML face: plain function views over services and selectors."""
