"""What each kind of change to a schema means for its version, and whether it breaks a trend."""

from typing import Literal, NamedTuple

Level = Literal["major", "minor", "patch", "undeclared", "refused"]


Move = Literal["added", "removed", "changed", "reordered"]


ORDER: tuple[Level, ...] = ("patch", "minor", "major")


class Rule(NamedTuple):
    """What a change of one kind means: its class, whether it breaks a trend, and why."""

    level: Level
    breaks: bool
    why: str


# (kind of part, field or "" for the part itself, move) -> the rule. A field that is not here is
# administration: a patch. Wording (text, label) has rules of its own, below. Of what is derived any field,
# whatever becomes of it, says who is in it.
RULES: dict[tuple[str, str, Move], Rule] = {
    ("Question", "", "removed"): Rule("major", True, "why_question_removed"),
    ("Question", "", "added"): Rule("minor", False, "why_question_added"),
    ("Question", "", "reordered"): Rule("minor", False, "why_reordered"),
    ("Question", "kind", "changed"): Rule("major", True, "why_kind"),
    ("Question", "scale", "changed"): Rule("major", True, "why_scale"),
    ("Question", "asked_if", "added"): Rule("major", True, "why_base"),
    ("Question", "asked_if", "removed"): Rule("major", True, "why_base"),
    ("Question", "asked_if", "changed"): Rule("major", True, "why_base"),
    ("Question", "limits", "added"): Rule("major", True, "why_limits"),
    ("Question", "limits", "removed"): Rule("major", True, "why_limits"),
    ("Question", "limits", "changed"): Rule("major", True, "why_limits"),
    ("Question", "missing", "added"): Rule("minor", False, "why_form_added"),
    ("Question", "missing", "removed"): Rule("major", False, "why_form_removed"),
    ("Question", "least", "added"): Rule("major", True, "why_limits"),
    ("Question", "least", "removed"): Rule("major", True, "why_limits"),
    ("Question", "least", "changed"): Rule("major", True, "why_limits"),
    ("Question", "most", "added"): Rule("major", True, "why_limits"),
    ("Question", "most", "removed"): Rule("major", True, "why_limits"),
    ("Question", "most", "changed"): Rule("major", True, "why_limits"),
    **{
        ("Question", name, move): Rule("major", True, "why_limits")
        for name in ("ranks", "total")
        for move in ("added", "removed", "changed")
    },
    **{
        ("Question", "tolerance", move): Rule("minor", False, "why_tolerance")
        for move in ("added", "removed", "changed")
    },
    ("Question", "required", "added"): Rule("major", False, "why_required"),
    ("Question", "required", "removed"): Rule("minor", False, "why_not_required"),
    ("Question", "answer", "added"): Rule("major", True, "why_kind"),
    ("Question", "answer", "removed"): Rule("major", True, "why_kind"),
    ("Row", "", "removed"): Rule("major", True, "why_row_removed"),
    ("Row", "", "added"): Rule("minor", False, "why_row_added"),
    ("Row", "", "reordered"): Rule("minor", False, "why_reordered"),
    ("Option", "", "removed"): Rule("major", True, "why_option_removed"),
    ("Option", "", "added"): Rule("minor", True, "why_option_added"),
    ("Option", "", "reordered"): Rule("minor", False, "why_reordered"),
    ("Item", "", "removed"): Rule("major", True, "why_item_removed"),
    ("Item", "", "added"): Rule("minor", False, "why_item_added"),
    ("Item", "", "reordered"): Rule("minor", False, "why_reordered"),
    ("Option", "exclusive", "added"): Rule("major", True, "why_exclusive"),
    ("Option", "exclusive", "removed"): Rule("major", True, "why_exclusive"),
    ("Option", "text", "added"): Rule("minor", False, "why_text_added"),
    ("Option", "text", "removed"): Rule("major", False, "why_text_removed"),
    ("Point", "", "removed"): Rule("major", True, "why_points"),
    ("Point", "", "added"): Rule("major", True, "why_points"),
    ("Point", "substantive", "added"): Rule("major", True, "why_substantive"),
    ("Point", "substantive", "removed"): Rule("major", True, "why_substantive"),
    ("Item", "reverse", "added"): Rule("major", True, "why_reverse"),
    ("Item", "reverse", "removed"): Rule("major", True, "why_reverse"),
    ("Question", "other", "added"): Rule("patch", False, "why_shown"),
    ("Question", "other", "removed"): Rule("patch", False, "why_shown"),
    ("Question", "other", "changed"): Rule("patch", False, "why_shown"),
    ("any", "fixed", "added"): Rule("patch", False, "why_shown"),
    ("any", "fixed", "removed"): Rule("patch", False, "why_shown"),
    ("any", "pinned", "added"): Rule("patch", False, "why_shown"),
    ("any", "pinned", "removed"): Rule("patch", False, "why_shown"),
    ("Scale", "", "removed"): Rule("major", True, "why_scale"),
    ("Scale", "", "added"): Rule("patch", False, "why_scale_added"),
    ("Scale", "top", "added"): Rule("major", True, "why_top"),
    ("Scale", "top", "removed"): Rule("major", True, "why_top"),
    ("Scale", "top", "changed"): Rule("major", True, "why_top"),
    ("Derived", "", "removed"): Rule("major", True, "why_derived_removed"),
    ("Derived", "", "added"): Rule("minor", False, "why_derived_added"),
    ("Derived", "any", "changed"): Rule("major", True, "why_derived"),
    ("DerivedOption", "", "removed"): Rule("major", True, "why_derived"),
    ("DerivedOption", "", "added"): Rule("major", True, "why_derived"),
    ("DerivedOption", "any", "changed"): Rule("major", True, "why_derived"),
    ("Code", "subtheme", "changed"): Rule("major", False, "why_moved"),
    ("Subtheme", "theme", "changed"): Rule("major", False, "why_moved"),
    ("Theme", "aim", "changed"): Rule("major", False, "why_moved"),
    ("Code", "opposite", "added"): Rule("minor", False, "why_sides"),
    ("Code", "opposite", "removed"): Rule("minor", False, "why_sides"),
    ("Code", "opposite", "changed"): Rule("minor", False, "why_sides"),
    ("Tension", "", "added"): Rule("minor", False, "why_sides"),
    ("Tension", "", "removed"): Rule("minor", False, "why_sides"),
    ("Tension", "between", "added"): Rule("minor", False, "why_sides"),
    ("Tension", "between", "removed"): Rule("minor", False, "why_sides"),
    ("Code", "theory", "added"): Rule("patch", False, "why_theory"),
    ("Code", "theory", "removed"): Rule("patch", False, "why_theory"),
    ("Proposition", "theory", "added"): Rule("patch", False, "why_theory"),
    ("Proposition", "theory", "removed"): Rule("patch", False, "why_theory"),
    ("Theory", "", "added"): Rule("patch", False, "why_theory"),
    ("Theory", "", "removed"): Rule("patch", False, "why_theory"),
    ("Topic", "mark", "changed"): Rule("minor", False, "why_mark"),
    ("Fact", "value", "changed"): Rule("minor", False, "why_fact"),
    ("Fact", "date", "changed"): Rule("minor", False, "why_fact"),
    ("Fact", "answer", "changed"): Rule("minor", False, "why_fact"),
    ("Proposition", "rule", "changed"): Rule("minor", False, "why_judged"),
    ("Proposition", "facts", "changed"): Rule("minor", False, "why_judged"),
    **{
        ("Proposition", name, move): Rule("minor", False, "why_judged")
        for name in ("codes_for", "codes_against", "codes_denied", "segments")
        for move in ("added", "removed")
    },
    ("Schema", "approach", "changed"): Rule("minor", False, "why_approach"),
    ("Schema", "languages", "added"): Rule("minor", False, "why_language_added"),
    ("Schema", "languages", "removed"): Rule("major", False, "why_language_removed"),
    ("Schema", "missing", "added"): Rule("minor", False, "why_form_added"),
    ("Schema", "missing", "removed"): Rule("major", False, "why_form_removed"),
    ("any", "aliases", "added"): Rule("minor", False, "why_form_added"),
    ("any", "aliases", "removed"): Rule("major", False, "why_form_removed"),
    ("any", "text_aliases", "added"): Rule("minor", False, "why_form_added"),
    ("any", "text_aliases", "removed"): Rule("major", False, "why_form_removed"),
    ("any", "", "removed"): Rule("major", False, "why_part_removed"),
    ("any", "", "added"): Rule("minor", False, "why_part_added"),
    ("any", "", "reordered"): Rule("minor", False, "why_reordered"),
}


ADMINISTRATION = Rule("patch", False, "why_administration")


RETIRED = Rule("refused", True, "why_retired")


DIRECTION = Rule("major", True, "why_direction")


DERIVED = RULES["Derived", "any", "changed"]


# What a changed wording is, by what was declared of it in `changes`; without a word it is asked for.
DECLARED: dict[str | None, Rule] = {
    "typo": Rule("patch", False, "why_typo"),
    "clarification": Rule("patch", False, "why_clarification"),
    "meaning": Rule("major", True, "why_meaning"),
    None: Rule("undeclared", False, "why_undeclared"),
}
