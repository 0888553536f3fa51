"""Converts tables of a policy to CSV and Excel files for editing, and back to YAML."""

from escalation_rules.integrations.sheets.files import read_sheet, write_sheet
from escalation_rules.integrations.sheets.sheet import found_table, put_into, sheet_of, yaml_of

__all__ = ["found_table", "put_into", "read_sheet", "sheet_of", "write_sheet", "yaml_of"]
