"""Reading: from the text of a rule file to rule sets, or to every problem at once."""

from __future__ import annotations

from ordinance.rules.reading.files import Reading, read_file, read_rules
from ordinance.rules.reading.guard import Limits

__all__ = ["Limits", "Reading", "read_file", "read_rules"]
