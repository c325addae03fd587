"""Which text can be read on a colour: the contrast of WCAG 2. Colours are red, green and blue from 0 to 1."""

Colour = tuple[float, float, float]


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
