"""Do 95 % intervals cover? Simulated corpora with a known truth, under parameters of your choice.

    python experiments/benchmarks/simulations.py prevalence --documents 30 --share 0.2 --alike 0.3
    python experiments/benchmarks/simulations.py sources --sources 12 --documents 60 --share 0.2 --alike 0.3
    python experiments/benchmarks/simulations.py correction --share 0.15 --missed 0.3 --false 0.1 --coded 150
    python experiments/benchmarks/simulations.py seeds --method kmeans

`prevalence`: paragraphs cluster in documents; `sources`: documents cluster in sources as well, and documents or
sources are drawn; `correction`: a machine codes with known rates of error, people code a random sample; `seeds`: themes
and noise are planted, and the fit is repeated with other seeds (kmeans of one start: a minute). Every line
gives the share of simulated corpora whose interval holds the truth, with the simulation's own 95 % limits.
"""

from __future__ import annotations

import argparse

from simulated import seeds, shares

PARTS = (shares, seeds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    kinds = parser.add_subparsers(dest="kind", required=True)
    for part in PARTS:
        part.add(kinds)
    given = parser.parse_args()
    given.function(given)


if __name__ == "__main__":
    main()
