"""What attackers try: each test names what it keeps out."""
