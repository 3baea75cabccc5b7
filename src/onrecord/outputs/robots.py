"""What search engines may read: everything that is public, nothing of a preview."""

from __future__ import annotations

from collections.abc import Mapping

from onrecord.craft.url import absolute
from onrecord.model.edition import Site

NAME = "robots"
KIND = "series"
USES = ()


def render(site: Site) -> Mapping[str, bytes]:
    """Give `robots.txt`."""
    lines = ["User-agent: *", "Disallow: /" if site.draft else "Disallow:"]
    address = absolute(site.series.url, "sitemap.xml")
    if address and not site.draft:
        lines += ["", f"Sitemap: {address}"]
    return {"robots.txt": "\n".join([*lines, ""]).encode()}
