"""JSON Schemas of rule files, for editors."""

from ordinance.rules.schema.document import json_schema

__all__ = ["Schema", "json_schema"]

from ordinance.rules.schema.values import Schema
