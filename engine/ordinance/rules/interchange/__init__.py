"""Rule sets from and to the formats of other engines."""

from ordinance.rules.interchange.imported import (
    Imported,
    ImportedRuleset,
    Json,
    Original,
    Untranslated,
)
from ordinance.rules.interchange.jdm import read_jdm

__all__ = [
    "Imported",
    "ImportedRuleset",
    "Json",
    "Original",
    "Untranslated",
    "read_jdm",
]
