"""Reading: from the text of a rule file to rule sets, or to every problem at once."""

from __future__ import annotations

from ordinance.rules.reading.files import Reading, contents, read_file, read_rules
from ordinance.rules.reading.guard import Limits

__all__ = ["Limits", "Reading", "contents", "read_file", "read_rules"]
