"""Text from outside, made fit to be shown: what is invisible but steers the page becomes visible.

Escaping keeps a text from becoming markup. It does not keep a right-to-left override from turning the words
around it, or a control character from making the page invalid.
"""

from __future__ import annotations

import re

# Controls of C0 and C1 but tab and line ends, marks and overrides of writing direction, and lone surrogates.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)


def visible(text: str) -> str:
    """Write every hidden character by its number.

    >>> visible("pay \u202eesrever")
    'pay [U+202E]esrever'
    """
    return _HIDDEN.sub(lambda match: f"[U+{ord(match[0]):04X}]", text)
