"""Rule sets from and to the formats of other engines."""

from ordinance.rules.interchange.adoption import Adopted, Wishes, adopt
from ordinance.rules.interchange.business_rules import read_business_rules
from ordinance.rules.interchange.business_rules_writing import write_business_rules
from ordinance.rules.interchange.dated import on_day
from ordinance.rules.interchange.dmn import read_dmn
from ordinance.rules.interchange.dmn_writing import write_dmn
from ordinance.rules.interchange.glossary import Glossary
from ordinance.rules.interchange.imported import (
    Frame,
    Imported,
    ImportedRuleset,
    Json,
    Original,
    Untranslated,
)
from ordinance.rules.interchange.jdm import read_jdm
from ordinance.rules.interchange.jdm_writing import write_jdm
from ordinance.rules.interchange.table import read_table
from ordinance.rules.interchange.table_writing import write_table
from ordinance.rules.interchange.written import Unwritten, Written

__all__ = [
    "Adopted",
    "Frame",
    "Glossary",
    "Imported",
    "ImportedRuleset",
    "Json",
    "Original",
    "Untranslated",
    "Unwritten",
    "Wishes",
    "Written",
    "adopt",
    "on_day",
    "read_business_rules",
    "read_dmn",
    "read_jdm",
    "read_table",
    "write_business_rules",
    "write_dmn",
    "write_jdm",
    "write_table",
]
