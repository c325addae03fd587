"""What published figures fix: the joint tables they allow, and sharp bounds of what was not printed."""

from survey.published.bounds.queries import (
    Quantity,
    bounds,
    group_difference,
    group_p_value,
    group_share,
    item_p_value,
    memberships,
    overlap,
    rated_together,
)

__all__ = [
    "Quantity",
    "bounds",
    "group_difference",
    "group_p_value",
    "group_share",
    "item_p_value",
    "memberships",
    "overlap",
    "rated_together",
]
