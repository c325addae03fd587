"""The colours of charts and pictures, and which text can be read on a colour (WCAG 2).

One accent and greys; an ordered scale runs from orange over grey to blue, told apart by the colour-blind and
in grey too. Colours are RRGGBB, or red, green and blue from 0 to 1.
"""

Colour = tuple[float, float, float]

ACCENT, PALE = "0173B2", "BFBFBF"
_ENDS = (("B35806", "F7C48A"), ("A6CBE8", "0B559F"))  # the low half of a scale from its end, the high half
_MIDDLE = "BDBDBD"
_SINGLE = ("E08214", "2171B5")  # where a half has one point


def from_hex(colour: str) -> Colour:
    """Read RRGGBB."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return red, green, blue


def luminance(colour: Colour) -> float:
    """Compute the relative luminance as WCAG 2 defines it: 0 black, 1 white."""
    parts = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
    red, green, blue = parts
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def readable_ink(colour: Colour) -> str:
    """Choose black or white text (RRGGBB), whichever has the better contrast on this colour."""
    return "000000" if luminance(colour) > 0.179 else "FFFFFF"


def scale_colours(count: int) -> list[str]:
    """The colours of the points of an ordered scale, lowest first: the ends darkest, the middle grey."""
    half, odd = divmod(count, 2)
    halves = zip(_SINGLE, _ENDS, strict=True)
    low, high = ([single] if half == 1 else _blend(*ends, half) for single, ends in halves)
    return [*low, *([_MIDDLE] * odd), *high]


def _blend(first: str, last: str, count: int) -> list[str]:
    steps = [index / (count - 1) for index in range(count)] if count > 1 else []
    pairs = [(int(first[i : i + 2], 16), int(last[i : i + 2], 16)) for i in (0, 2, 4)]
    return ["".join(f"{round(low + (high - low) * step):02X}" for low, high in pairs) for step in steps]
