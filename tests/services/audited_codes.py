"""Methods over public code sets, and over what they change, which show no single patient."""

from __future__ import annotations

PUBLIC = "public code sets and files, nobody in them"
_CODESETS = (
    *("prepare", "close", "editions", "children", "judge", "notes", "excludes1", "may_be_first"),
    *("import_official", "import_status_changes", "remove_edition"),
)
_FILES = ("tables", "damage", "import_files", "remove", "localities", "locality")

CODES: dict[str, str] = {
    **dict.fromkeys((f"codesets.{name}" for name in _CODESETS), PUBLIC),
    **dict.fromkeys((f"code_files.{name}" for name in _FILES), PUBLIC),
    "code_files.choose_locality": "the practice's own setting",
    "code_changes.preview": "a list of codes with the open work they stand on",
    "code_changes.turns": "days and names of editions",
    "code_changes.open_touched": "totals",
}
