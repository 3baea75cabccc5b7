"""What each piece of evidence of naming_evidence is worth, in log odds: written by bench/naming_fit.py."""

from __future__ import annotations

from collections.abc import Mapping

WEIGHTS: Mapping[str, float] = {
    "me": 4.41,
    "perhaps_me": 2.00,
    "others": -1.07,
    "presented_next": 2.13,
    "presented_soon": 1.17,
    "presented_late": 0.55,
    "presented_new": 1.39,
    "called_next": 3.03,
    "called_far": 1.29,
    "called_before": 0.79,
    "named_last": 0.74,
    "thanked_before": 1.89,
    "thanked_next": 0.94,
    "greeted_next": 1.86,
    "greeted_before": 1.19,
    "told_next": 0.79,
    "told_before": 0.14,
    "host_asks": 2.47,
    "host_opens": 0.74,
    "host_closes": 0.22,
    "host_host_words": 0.71,
    "host_guest_words": -1.38,
    "host_share": -0.98,
    "guest_asks": -2.04,
    "guest_opens": -0.98,
    "guest_closes": -0.41,
    "guest_host_words": -0.95,
    "guest_guest_words": 1.14,
    "guest_share": 0.75,
    "presented_asks": -1.04,
    "presented_opens": -0.50,
    "presented_closes": -0.36,
    "presented_host_words": -0.61,
    "presented_guest_words": 0.76,
    "presented_share": 0.38,
    "unknown_asks": 0.61,
    "unknown_opens": 0.28,
    "unknown_closes": -0.19,
    "unknown_host_words": 0.20,
    "unknown_guest_words": -0.56,
    "unknown_share": 0.14,
    "any": 2.33,
    "share_log": 0.42,
    "brief": -1.24,
    "advert": -1.82,
    "more": -1.02,
    "fewer": -0.10,
    "alone": 0.97,
}

LIKE = 16.0
"""What a unit of likeness between a voice and a voice print is worth: .7 is worth 3.2, .3 as much against."""

AGAIN = 2.5
"""What a second voice for the same person costs."""

SLOPE, ZERO = 1.24, 0.01
"""From a margin to a chance."""

SURE = 0.8
"""From which chance on a name is given."""
