#!/usr/bin/env python
"""The command line of the project: `manage.py help` lists what it does."""

import contextlib
import os
import sys

from newsapp import embedded, environment, lifeline

# Everything else gets a running database; these look at the code only.
WITHOUT_DATABASE = {
    "collectstatic", "compilemessages", "diffsettings", "findstatic", "help", "makemessages", "version",
}  # fmt: skip


def main(arguments: list[str]) -> None:
    """Run one command, with the embedded database running (or shared) for as long as it lasts."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsapp.settings")
    from django.core.management import execute_from_command_line

    lifeline.hold(os.getpid())
    with contextlib.ExitStack() as stack:
        if needs_database(arguments[1:]) and environment.is_embedded():
            stack.enter_context(embedded.running(environment.home()))
        execute_from_command_line(arguments)


def needs_database(words: list[str]) -> bool:
    """Whether the command talks to the database."""
    command = next((word for word in words if not word.startswith("-")), "help")
    if command == "spectacular":
        return "--skip-checks" not in words  # the checks ask the database, the description does not
    return command not in WITHOUT_DATABASE and not {"--help", "-h", "--version"} & set(words)


if __name__ == "__main__":
    try:
        main(sys.argv)
    except environment.Refusal as refusal:
        sys.exit(f"{refusal}")
