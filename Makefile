# Two commands do all the set-up: `make report` and `make test`.
#
# PYTHON     the interpreter that makes the environment (3.11 or newer)
# TORCH_INDEX  extra package index that has CPU builds of torch, for Linux machines where the default build would bring
#            CUDA packages; see "Two commands" in README.md
PYTHON ?= python3
TORCH_INDEX ?=
VENV ?= .venv
BIN = $(VENV)/bin
PIP_INDEX = $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX))
export HF_HUB_OFFLINE = 1

.PHONY: install report notebooks test test-slow wheel-test packages constraints golden mutants check bench bench-int8 bench-discovery clean

$(VENV)/.installed: pyproject.toml constraints.txt
	@echo "Installing about 150 packages (2.5 GB on disk with the CPU build of torch); this takes some minutes."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet $(PIP_INDEX) -c constraints.txt -e ".[dev]"
	touch $@

install: $(VENV)/.installed

# ARGS      for `toolkit run`, such as ARGS=--replace after the toolkit was upgraded
ARGS ?=
report: install
	@folder=$$($(BIN)/toolkit run configs/future_industries.yaml $(ARGS)) && echo "report: $$folder/report.html"

$(VENV)/.notebooks: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet $(PIP_INDEX) -c constraints.txt -e ".[notebooks]"
	touch $@

notebooks: $(VENV)/.notebooks
	$(BIN)/jupyter lab notebooks

$(VENV)/.docs: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet $(PIP_INDEX) -c constraints.txt -e ".[docs]"
	touch $@

# The site: build/site/index.html, which works without a network. It runs the example studies, minutes the first time.
.PHONY: docs
docs: $(VENV)/.docs
	$(BIN)/python docs/generate.py --check
	$(BIN)/python docs/examples.py
	rm -rf build/site build/doctrees
	$(BIN)/sphinx-build --nitpicky --fail-on-warning --keep-going --quiet -c docs -d build/doctrees . build/site
	$(BIN)/python docs/links.py build/site

# JOBS      processes that share the test files; each takes a core and about 2 GB. Tests are kept compiled for the next
#           time, which is two thirds of what collecting them takes
JOBS ?= 2
test: install
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(JOBS) --dist worksteal

test-slow: install
	$(BIN)/python -m pytest -m slow

# PYTHONS   interpreters under which the built wheel is installed into an empty environment and runs a study, such as
#           PYTHONS="python3.11 python3.12 python3.13"; one that is not on this machine is left out with a line
PYTHONS ?= $(PYTHON)
wheel-test: packages
	@for python in $(PYTHONS); do \
		if ! command -v $$python >/dev/null; then echo "wheel: left out, this machine has no $$python"; continue; fi; \
		PYTHON=$$python PIP_OPTIONS="$(PIP_INDEX)" MYPY="$(abspath $(BIN))/mypy" .ci/wheel || exit 1; \
	done

packages: install
	rm -rf dist
	$(BIN)/python -m build --outdir dist .
	$(BIN)/twine check --strict dist/*

# Installs the newest versions that fit together and writes them, with their date, to constraints.txt
# KEEP      versions that stay as they are, such as KEEP="torch==2.13.0"
KEEP ?=
constraints:
	PYTHON="$(PYTHON)" PIP_OPTIONS="$(PIP_INDEX)" KEEP="$(KEEP)" .ci/constraints

# Runs the golden studies, says in words what changed and keeps the new outputs; see tests/golden/
golden: install
	$(BIN)/python tests/golden/renew.py

# MANY  one-line faults of the science, drawn with SEED, and tried against the tests; see tests/mutants/
MANY ?= 300
SEED ?= 13
mutants: install
	$(BIN)/python tests/mutants/run.py --many $(MANY) --seed $(SEED)

# WORDS     files and folders whose spelling `make check` looks at
WORDS = toolkit docs experiments tests configs notebooks $(wildcard *.md)
check: install
	$(BIN)/ruff format --check toolkit tests experiments docs
	$(BIN)/ruff check toolkit tests experiments docs
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture
	$(BIN)/codespell -D - -D docs/words.txt $(WORDS)

# ROUNDS    of which medians are taken;  PARTS  start embed discover whole growth large;  CORPORA  60 bbc bbc-all titles
# MINUTES   no job is started that would end later;  WORK  a folder that keeps measurements: the same call goes on there
ROUNDS ?= 3
PARTS ?= start embed discover whole growth large
CORPORA ?= 60 bbc bbc-all titles
MINUTES ?= 1440
WORK ?=
bench: install
	$(BIN)/python experiments/benchmarks/speed.py --rounds $(ROUNDS)
	$(BIN)/python experiments/benchmarks/peers.py --shared $(SHARED) --rounds $(ROUNDS) --parts $(PARTS) \
		--corpora $(CORPORA) --minutes $(MINUTES) $(if $(WORK),--work $(WORK)) $(if $(TRITOPIC),--tritopic-python $(TRITOPIC))

bench-int8: install
	$(BIN)/python experiments/benchmarks/embed_quality.py --shared $(SHARED) --store $(CACHE)

# SHARED    folder that holds data/*.jsonl.gz;  CACHE  where embeddings and finished runs are kept
# TRITOPIC  interpreter of an environment that has tritopic; without it that peer is left out
# SEEDS     runs of each method with different seeds, and on 80 % samples
SHARED ?= ../shared
CACHE ?= runs/bench-discovery
SEEDS ?= 3
bench-discovery: install
	$(BIN)/python experiments/benchmarks/discovery.py --shared $(SHARED) --cache $(CACHE) --seeds $(SEEDS) --samples $(SEEDS) \
		$(if $(TRITOPIC),--tritopic-python $(TRITOPIC))

clean:
	rm -rf $(VENV) build dist *.egg-info
