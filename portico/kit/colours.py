"""One brand colour gives all accent tokens of both themes, readable by computation.

Worked in OKLCH: hue and chroma are kept, lightness is lowered until the contrast of WCAG 2.2 is
reached, chroma only gives way to stay inside sRGB. The targets stand in docs/how-to/settings.md.
"""

import math
import re
from dataclasses import dataclass, replace
from functools import lru_cache

HEX = re.compile(r"#[0-9a-f]{6}")
_TYPED = re.compile(r"#?(?:([0-9a-f]{6})|([0-9a-f]{3}))")
WHITE = "#ffffff"
READABLE_ON_FILL = 4.6
INK_ON_LIGHT_TINT = 5.2
INK_ON_DARK_TINT = 6.0
_STEP = 0.004


@dataclass(frozen=True)
class Lch:
    """Lightness 0 to 1, chroma, hue in radians."""

    lightness: float
    chroma: float
    hue: float

    def at(self, lightness: float, *, most_chroma: float = math.inf) -> "Lch":
        """The same hue at another lightness, with no more than this chroma."""
        return replace(self, lightness=lightness, chroma=min(self.chroma, most_chroma))


@dataclass(frozen=True, kw_only=True)
class Shades:
    """The five tokens of one theme, as #rrggbb."""

    fill: str
    hover: str
    ink: str
    tint: str
    tint_2: str


@dataclass(frozen=True, kw_only=True)
class Accent:
    """What a brand colour becomes."""

    chosen: str
    light: Shades
    dark: Shades

    @property
    def chosen_contrast(self) -> float:
        """White text on the colour as it was chosen."""
        return contrast(WHITE, self.chosen)

    @property
    def contrast(self) -> float:
        """White text on the buttons of the light theme."""
        return contrast(WHITE, self.light.fill)

    @property
    def is_darkened(self) -> bool:
        """Whether white text would not have been readable on the colour as it was chosen."""
        return self.light.fill != self.chosen

    def sheet(self, selector: str = ":root") -> str:
        """The stylesheet that sets the tokens for what the selector names."""
        light, dark = self.light, self.dark
        pairs = {
            "accent": (light.fill, dark.fill),
            "accent-hover": (light.hover, dark.hover),
            "accent-ink": (light.ink, dark.ink),
            "accent-tint": (light.tint, dark.tint),
            "accent-tint-2": (light.tint_2, dark.tint_2),
        }
        lines = [f"--{name}:light-dark({pair[0]},{pair[1]});" for name, pair in pairs.items()]
        return f"{selector}{{{''.join(lines)}}}\n"


def hex_of(text: str) -> str | None:
    """A colour as it is typed (`#0D5F68`, `0d5f68`, `#abc`) as #rrggbb; None for anything else."""
    typed = _TYPED.fullmatch(text.strip().lower())
    if typed is None:
        return None
    return "#" + (typed[1] or "".join(digit * 2 for digit in typed[2]))


@lru_cache(maxsize=256)
def accent_of(colour: str) -> Accent:
    """The tokens of a colour given as #rrggbb in lower case."""
    brand = _lch_of(colour)
    return Accent(chosen=colour, light=_light(colour, brand), dark=_dark(brand))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.2, 1.4.3)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _light(colour: str, brand: Lch) -> Shades:
    tint = _hex_of(brand.at(0.953, most_chroma=0.018))
    fill = brand
    while contrast(WHITE, _hex_of(fill)) < READABLE_ON_FILL:
        fill = fill.at(fill.lightness - _STEP)
    ink = fill
    while contrast(_hex_of(ink), tint) < INK_ON_LIGHT_TINT:
        ink = ink.at(ink.lightness - _STEP)
    return Shades(
        fill=colour if fill is brand else _hex_of(fill),
        hover=_hex_of(fill.at(max(0.0, fill.lightness - 0.06))),
        ink=_hex_of(ink),
        tint=tint,
        tint_2=_hex_of(brand.at(0.92, most_chroma=0.03)),
    )


def _dark(brand: Lch) -> Shades:
    tint = _hex_of(brand.at(0.285, most_chroma=0.035))
    fill = brand.at(min(max(brand.lightness, 0.50), 0.62), most_chroma=0.13)
    while contrast(WHITE, _hex_of(fill)) < READABLE_ON_FILL:
        fill = fill.at(fill.lightness - _STEP)
    ink = brand.at(0.74, most_chroma=0.11)
    while contrast(_hex_of(ink), tint) < INK_ON_DARK_TINT:
        ink = ink.at(ink.lightness + _STEP)
    return Shades(
        fill=_hex_of(fill),
        hover=_hex_of(fill.at(fill.lightness - 0.03)),
        ink=_hex_of(ink),
        tint=tint,
        tint_2=_hex_of(brand.at(0.33, most_chroma=0.045)),
    )


def _hex_of(colour: Lch) -> str:
    """The colour in sRGB; chroma is lowered until it lies inside."""
    low, high = 0.0, colour.chroma
    if not _is_inside(_linear_of(colour)):
        for _round in range(18):
            middle = (low + high) / 2
            if _is_inside(_linear_of(replace(colour, chroma=middle))):
                low = middle
            else:
                high = middle
        colour = replace(colour, chroma=low)
    channels = (_encoded(value) for value in _linear_of(colour))
    return "#" + "".join(f"{round(value * 255):02x}" for value in channels)


def _is_inside(channels: tuple[float, float, float]) -> bool:
    return all(-0.0005 <= value <= 1.0005 for value in channels)


def _channels(colour: str) -> list[float]:
    """Red, green, blue as light, 0 to 1."""
    encoded = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    return [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in encoded
    ]


def _encoded(value: float) -> float:
    value = min(max(value, 0.0), 1.0)
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def _luminance(colour: str) -> float:
    red, green, blue = _channels(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _lch_of(colour: str) -> Lch:
    """OKLCH of sRGB, by Ottosson's matrices (CSS Color 4)."""
    red, green, blue = _channels(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    green_red = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    blue_yellow = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    hue = math.atan2(blue_yellow, green_red)
    return Lch(lightness, math.hypot(green_red, blue_yellow), hue)


def _linear_of(colour: Lch) -> tuple[float, float, float]:
    green_red = colour.chroma * math.cos(colour.hue)
    blue_yellow = colour.chroma * math.sin(colour.hue)
    long = (colour.lightness + 0.3963377774 * green_red + 0.2158037573 * blue_yellow) ** 3
    middle = (colour.lightness - 0.1055613458 * green_red - 0.0638541728 * blue_yellow) ** 3
    short = (colour.lightness - 0.0894841775 * green_red - 1.2914855480 * blue_yellow) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
