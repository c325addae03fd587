"""The one palette of pictures, native charts and pages, and which text can be read on a colour (WCAG 2).

Colours are RRGGBB. They can be told apart without colour too: a test holds their lightness.
"""

# Text and lines on white.
INK, GREY, SOFT, PAPER = "1F1F1F", "595959", "D0D0D0", "FFFFFF"
# The accent marks what a test supports, `REST` everything else; `LOWER` what a test supports to be lower.
ACCENT, REST, LOWER = "0B5CAD", "B4BAC1", "B35806"
# Several series side by side, in this order.
SERIES = ("0B3C6F", "E69F00", "1C6DB5", "9FC8E8", "4D4D4D", "8C8C8C")
# The ends of an ordered scale, its middle, and of a heat map's cells.
_LOW_ENDS, _MIDDLE, _HIGH_ENDS = ("B35806", "F7C48A"), "E8E8E8", ("8CBAE2", "0B559F")
_ASIDE = ("A9AFB5", "6B7177")
_SHADES = ("F4F8FB", "9ECAE1", "2171B5", "08306B")

Colour = tuple[float, float, float]


def from_hex(colour: str) -> Colour:
    """Read RRGGBB as red, green and blue from 0 to 1."""
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


def ink_on(colour: str) -> str:
    """Choose black or white text for a colour given as RRGGBB."""
    return readable_ink(from_hex(colour))


def mixed(first: str, second: str, share: float) -> str:
    """The colour that lies that far from one to another."""
    pairs = ((int(first[i : i + 2], 16), int(second[i : i + 2], 16)) for i in (0, 2, 4))
    return "".join(f"{round(low + (high - low) * share):02X}" for low, high in pairs)


def scale_colours(count: int, aside: int = 0) -> list[str]:
    """Colours of a scale's points, lowest first: orange over grey to blue, the ends darkest.

    The last `aside` of them are no points of the scale: darker greys.
    """
    if aside:
        greys = [mixed(*_ASIDE, place / max(aside - 1, 1)) for place in range(aside)]
        return [*scale_colours(count - aside), *greys]
    half, odd = divmod(count, 2)
    low = [mixed(*_LOW_ENDS, place / max(half - 1, 1)) for place in range(half)]
    high = [mixed(*_HIGH_ENDS, place / (half - 1) if half > 1 else 1) for place in range(half)]
    return [*low, *([_MIDDLE] * odd), *high]


def stack_colours(count: int, aside: int, *, ordered: bool) -> list[str]:
    """Colours of the parts of a stacked bar: those of a scale where they have an order, else plain ones."""
    if ordered:
        return scale_colours(count, aside)
    if count <= len(SERIES):
        return list(SERIES[:count])
    return [mixed(SERIES[0], SERIES[3], place / (count - 1)) for place in range(count)]


def two_sided(value: float) -> str:
    """The colour of a number from -1 to 1: orange below 0, blue above, white at 0."""
    share = min(abs(value), 1.0)
    return mixed(PAPER, LOWER if value < 0 else ACCENT, share)


def shade(share: float) -> str:
    """The colour of a heat map's cell, for a share from 0 to 1 of the darkest one."""
    place = min(max(share, 0.0), 1.0) * (len(_SHADES) - 1)
    first = min(int(place), len(_SHADES) - 2)
    return mixed(_SHADES[first], _SHADES[first + 1], place - first)
