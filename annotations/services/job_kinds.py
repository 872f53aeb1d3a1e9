"""All kinds of jobs there are. A new one is a function `(job, progress) -> report` in its service, and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from annotations.services import dictionary
from annotations.services.agreement import compute_gamma, count_agreement
from annotations.services.backups import make_backup
from annotations.services.imports.running import run_import
from annotations.services.jobs import Handler
from annotations.services.releases import release

HANDLERS: Final[Mapping[str, Handler]] = {
    "agreement": count_agreement,
    "backup": make_backup,
    "dictionary": dictionary.learn,
    "gamma": compute_gamma,
    "import": run_import,
    "release": release,
}
