"""What an export says of a respondent beside the answers: headers of a platform to columns of `meta`.

`NOT_KEPT` marks what the platform gives and nobody needs here: it is counted, not kept.
"""

from collections.abc import Mapping

from survey.wording import normalise

NOT_KEPT = "not_kept"
# Not kept either, but they say that a record stands in several rows: one per event, or per repeated form.
EVENT, REPEAT = "event", "repeat"

# Kept only on purpose.
PERSONAL = ("ip", "email", "name", "location")

Roles = Mapping[str, str]
NO_ROLES: Roles = {}


def by_header(roles: Mapping[str, str]) -> Roles:
    """The roles of the headers of a platform, whatever their case and white space."""
    return {normalise(header): role for header, role in roles.items()}


def role_of(roles: Roles, header: str) -> str:
    """Give the role of a header in exports of a platform, "" where it is none of the platform's own."""
    return roles.get(normalise(header), "")
