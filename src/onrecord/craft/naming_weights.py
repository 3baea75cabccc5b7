"""What each piece of evidence of naming_evidence is worth, in log odds: written by bench/naming_fit.py."""

from __future__ import annotations

from collections.abc import Mapping

WEIGHTS: Mapping[str, float] = {
    "me": 3.97,
    "perhaps_me": 1.92,
    "others": -1.04,
    "presented_next": 2.01,
    "presented_soon": 1.02,
    "presented_late": 0.58,
    "presenter_before": 0.00,
    "called_next": 2.59,
    "called_far": 0.72,
    "called_before": 0.34,
    "named_last": 0.78,
    "thanked_before": 1.88,
    "thanked_next": 0.82,
    "greeted_next": 1.70,
    "greeted_before": 1.29,
    "told_next": 0.71,
    "told_before": 0.34,
    "host_asks": 2.39,
    "host_opens": 0.65,
    "host_closes": 0.22,
    "host_host_words": 0.69,
    "host_guest_words": -1.42,
    "host_share": -0.98,
    "guest_asks": -2.07,
    "guest_opens": -1.01,
    "guest_closes": -0.42,
    "guest_host_words": -1.06,
    "guest_guest_words": 1.13,
    "guest_share": 0.72,
    "presented_asks": -0.89,
    "presented_opens": -0.35,
    "presented_closes": -0.30,
    "presented_host_words": -0.54,
    "presented_guest_words": 0.51,
    "presented_share": 0.32,
    "unknown_asks": 0.40,
    "unknown_opens": 0.20,
    "unknown_closes": -0.05,
    "unknown_host_words": 0.16,
    "unknown_guest_words": -0.65,
    "unknown_share": 0.29,
    "any": 1.83,
    "share_log": 0.51,
    "brief": -1.08,
    "advert": -1.86,
    "crowd": -0.59,
}

LIKE = 16.0
"""What a whole unit of likeness between a voice and a voice print is worth: 0.7 is worth 3.2, 0.3 as much against."""

AGAIN = 2.5
"""What a second voice for the same person costs."""

SLOPE, ZERO = 2.24, -0.06
"""From a margin to a chance."""

SURE = 0.86
"""From which chance on a name is given."""
