"""The environments in which stored decisions are made again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PLAIN = "C"


@dataclass(frozen=True, slots=True)
class Environment:
    """What a process may find around it that must not matter."""

    seed: str
    zone: str
    locale: str
    """`C`, or `language.charset`, whose charset then is what files and terminals are taken for."""
    optimised: bool = False

    def __str__(self) -> str:
        return f"seed {self.seed}, {self.zone}, {self.locale}{', -O' if self.optimised else ''}"

    @property
    def flags(self) -> list[str]:
        """For the interpreter."""
        return ["-O"] if self.optimised else []

    def variables(self, locales: Path, root: Path) -> dict[str, str]:
        """Everything that the process finds, with the locales that were made in `locales`."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LC_")}
        return kept | {
            "PYTHONHASHSEED": self.seed,
            "TZ": self.zone,
            "LANG": self.locale,
            "LC_ALL": self.locale,
            "LOCPATH": str(locales),
            # Without these two the interpreter would take UTF-8 whatever the locale says.
            "PYTHONUTF8": "0",
            "PYTHONCOERCECLOCALE": "0",
            "PYTHONPATH": os.pathsep.join([str(root), *sys.path]),
        }


SEEDS = ("0", "1", "4242")
ZONES = ("UTC", "Asia/Shanghai", "America/St_Johns")
LOCALES = (PLAIN, "zh_CN.GB18030", "tr_TR.ISO-8859-9")

ENVIRONMENTS = tuple(
    Environment(
        SEEDS[row],
        ZONES[column],
        LOCALES[(row + column) % 3],
        optimised=(row + 2 * column) % 3 == 1,
    )
    for row in range(3)
    for column in range(3)
)
"""Nine in which every seed meets every zone and every locale, and every zone every locale."""


def make_locales(folder: Path) -> tuple[str, ...]:
    """Make the locales in `folder`, for few machines have them; those that can be had here."""
    tool = shutil.which("localedef")
    made = [PLAIN]
    for locale in LOCALES:
        language, _, charset = locale.partition(".")
        if tool is None or not charset:
            continue
        made_it = subprocess.run(
            [tool, "--no-archive", "-i", language, "-f", charset, str(folder / locale)],
            capture_output=True,
            check=False,
        )
        # 1 stands for warnings; what was made is there all the same.
        if made_it.returncode <= 1 and (folder / locale).is_dir():
            made.append(locale)
    return tuple(made)


CHARSETS: Mapping[str, str] = {
    PLAIN: "ascii",
    "zh_CN.GB18030": "gb18030",
    "tr_TR.ISO-8859-9": "iso8859-9",
}
"""What the interpreter must take files for, as proof that the locale is in force."""
