"""The worker beside the web server, started by run.py: `manage.py work` that does not outlive its starter."""

from __future__ import annotations

import os

import django
from django.core.management import call_command

from newsapp import lifeline


def main() -> None:
    """Work until told to stop (SIGTERM), or until the starter is gone."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsapp.settings")
    lifeline.hold(os.getpid())
    os.nice(10)  # people's saves go before its jobs
    django.setup()
    call_command("work")


if __name__ == "__main__":
    main()
