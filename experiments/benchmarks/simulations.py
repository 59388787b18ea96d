"""Do intervals cover, and do tests and rules keep what they promise? Simulated corpora with a known truth.

    python experiments/benchmarks/simulations.py prevalence --documents 30 --share 0.2 --alike 0.3
    python experiments/benchmarks/simulations.py sources --sources 12 --documents 60 --share 0.2 --alike 0.3
    python experiments/benchmarks/simulations.py correction --share 0.15 --missed 0.3 --false 0.1 --coded 150
    python experiments/benchmarks/simulations.py claims --documents 60 --group 15 --share 0.2 --alike 0.2
    python experiments/benchmarks/simulations.py keyness --documents 60 --words 200 --sides 5 --burst 0.5
    python experiments/benchmarks/simulations.py family --documents 80 --codes 10 --alike 0.25
    python experiments/benchmarks/simulations.py noise --share 0.1
    python experiments/benchmarks/simulations.py seeds --method kmeans
    python experiments/benchmarks/simulations.py languages --documents 300 --other 0.5
    python experiments/benchmarks/simulations.py mostly --documents 40 --theme 10 --alike 0.2

`prevalence`: paragraphs cluster in documents; `sources`: documents cluster in sources as well, and documents or
sources are drawn; `correction`: a machine codes with known rates of error, people code a random sample;
`claims`: how often claims get a verdict in corpora in which none is so, and how often true ones hold; `keyness` and
`family`: false words and false verdicts of a table where no group differs (`keyness_power`, `family_power`: what is
planted and found); `noise`: rows outside every theme are planted, and lines give the shares of rows left out and kept;
`seeds`: themes and noise are planted, and the fit is repeated with other seeds (kmeans of one start: a minute);
`languages`: themes are or are not tied to the language of their documents; `mostly`: the code that a theme mostly
carries is one of twelve that have nothing to do with it, or one that does. Every line gives a share of simulated
corpora with the simulation's own 95 % limits; `--help` lists each one's options.
"""

from __future__ import annotations

import argparse

from simulated import claims, family, keyness, languages, mostly, noise, seeds, shares

PARTS = (shares, claims, keyness, family, noise, seeds, languages, mostly)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    kinds = parser.add_subparsers(dest="kind", required=True)
    for part in PARTS:
        part.add(kinds)
    given = parser.parse_args()
    given.function(given)


if __name__ == "__main__":
    main()
