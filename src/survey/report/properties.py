"""What the properties of a report say, whatever it reports on."""

import re


def date_of_wave(wave: str) -> str:
    """The date of a report is that of its data, never the clock: a wave such as 2026-04 or 2026-04-15."""
    match = re.fullmatch(r"(\d{4}-\d{2})(-\d{2})?", wave)
    return f"{match[1]}{match[2] or '-01'}" if match else ""
