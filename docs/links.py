"""Checks the built site: every link and picture leads to a file and place in it, and no page loads from another host.

python docs/links.py build/site   # exit 1 and a line for each fault; build/links.txt lists the links to other hosts
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import html

LOADED = {("img", "src"), ("script", "src"), ("iframe", "src"), ("source", "src"), ("link", "href")}
"""Element and attribute whose address a browser loads by itself."""
FOREIGN = {"examples"}
"""Folders of the site whose pages were not made by Sphinx: reports, which have tests of their own."""


def pages(site: Path) -> dict[Path, html.HtmlElement]:
    """Every page that Sphinx made, by its path."""
    paths = [path for path in sorted(site.rglob("*.html")) if path.relative_to(site).parts[0] not in FOREIGN]
    return {path: html.fromstring(path.read_bytes()) for path in paths}


def addresses(page: html.HtmlElement) -> Iterator[tuple[str, str, str]]:
    """(element, attribute, address) of everything that a page links to or loads."""
    for element in page.iter("a", "img", "script", "iframe", "source", "link"):
        for attribute in ("href", "src"):
            if element.get(attribute) and element.get("rel") not in {"canonical"}:
                yield element.tag, attribute, element.get(attribute)


def places(page: html.HtmlElement) -> set[str]:
    """The places of a page that a link can lead to."""
    return {name for element in page.iter() for name in (element.get("id"), element.get("name")) if name}


def check(site: Path) -> tuple[list[str], list[str]]:
    """(faults, links to other hosts), a line each."""
    made = pages(site)
    known = {path: places(page) for path, page in made.items()}
    faults, hosts = [], set()
    for path, page in made.items():
        for element, attribute, address in addresses(page):
            where, parts = path.relative_to(site).as_posix(), urlsplit(address)
            if parts.scheme in {"data", "mailto"}:
                continue
            if parts.scheme or parts.netloc:
                hosts.add(address)
                if (element, attribute) in LOADED:
                    faults.append(f"{where}: loads {address} from another host")
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.is_file():
                faults.append(f"{where}: no such file: {address}")
            elif parts.fragment and target in known and unquote(parts.fragment) not in known[target] | {""}:
                faults.append(f"{where}: no such place: {address}")
    return sorted(set(faults)), sorted(hosts)


def main(site: Path) -> int:
    """Check a site; the exit code."""
    if not (site / "index.html").is_file():
        print(f"{site}: no site here; run make docs")
        return 1
    faults, hosts = check(site.resolve())
    listing = site.parent / "links.txt"
    listing.write_text("".join(f"{address}\n" for address in hosts), encoding="utf-8", newline="\n")
    print("\n".join(faults) or f"every link of the site leads somewhere; {len(hosts)} links to other hosts: {listing}")
    return bool(faults)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1])))
