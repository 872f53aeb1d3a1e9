"""Settings of the test run: the real ones, with plain static files, a cheap password hash and a database to throw away.

Unless DATABASE_URL names a server to test against, the run gets an embedded PostgreSQL of its own (tests/conftest.py
starts it when the first test asks for the database). Loading these settings creates nothing: type checkers do it too.
"""

import os
import secrets
import tempfile
from pathlib import Path
from urllib.parse import quote

from newsapp import embedded

if "NEWSAPP_TEST_HOME" not in os.environ:  # the workers of one run inherit it
    home = Path(tempfile.gettempdir()) / f"newsapp-test-{secrets.token_hex(4)}"
    password = secrets.token_hex(16)
    own_server = (
        f"postgresql://{embedded.NAME}:{password}@/{embedded.NAME}?host={quote(str(embedded.socket_folder(home)))}"
    )
    os.environ["NEWSAPP_TEST_PASSWORD"] = "" if "DATABASE_URL" in os.environ else password
    os.environ.setdefault("DATABASE_URL", f"{own_server}&port={embedded.PORT}")
    os.environ["NEWSAPP_TEST_HOME"] = os.environ["NEWSAPP_HOME"] = str(home)
    os.environ["SECRET_KEY"] = secrets.token_hex(32)

from newsapp.settings import *  # noqa: F403 - the lines above are what it reads

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True  # static files from where they lie: nothing is gathered
KEEP_COUNTS_AFTER = float("inf")  # on a slow machine, too, a page shows what was done just now
DATABASES["default"]["OPTIONS"] = {}  # noqa: F405 - no pool: its idle connections would outlive the test database
