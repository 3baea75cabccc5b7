# Every target says what it does; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
DEMO ?= demo-series
SERVE ?= yes
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate

.PHONY: help demo test test-slow tools lint docs pictures golden bench requirements quality-voices quality-ledger bench-site

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /: /'

# The virtual environment with what Onrecord itself needs …
$(VENV)/.run: requirements/run.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements/run.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

# … and with what its tests and linters need on top.
$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	$(PIP) --require-hashes -r requirements/dev.txt
	touch $@

demo: $(VENV)/.run ## make the demo series from its recordings in a new folder, and serve it (SERVE=no: only build)
	rm -rf $(DEMO)
	$(BIN)/onrecord demo $(DEMO) $(if $(filter no,$(SERVE)),--no-serve)

test: $(VENV)/.dev ## run the tests: laws, stories, golden files, thinned faults (under five minutes)
	$(BIN)/python -m pytest -m "not slow" -n 2 --dist loadgroup

test-slow: $(VENV)/.dev ## run the slower suites: real engines, browsers, podcast clients, every fault
	$(BIN)/python -m pytest -m slow

tools: ## install the checkers of web pages that the slower suites use (needs npm)
	PUPPETEER_SKIP_DOWNLOAD=1 npm install --silent --no-audit --no-fund --no-save --no-package-lock --prefix .tools $$(cat tests/tools.txt)

lint: $(VENV)/.dev ## check style, types, floors and that the docs say what the code does
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check

docs: $(VENV)/.dev ## write the generated parts of the docs anew (the help of every verb, the tables)
	$(BIN)/python docs/generate.py

pictures: $(VENV)/.dev ## take the golden pictures of the built demo series anew (needs `make tools`)
	$(BIN)/python docs/pictures.py $(DEMO)

golden: $(VENV)/.dev ## write the golden files anew; look at the diff before you commit it
	$(BIN)/python -m pytest -m "not slow" --golden-update tests/golden

bench: $(VENV)/.dev ## measure beside the peers and print the ratios
	for bench in $(filter-out bench/site.py,$(wildcard bench/[a-z]*.py)); do echo "== $$bench"; $(BIN)/python $$bench || exit 1; done

quality-voices: $(VENV)/.dev ## measure words and voices on real material, and write docs/quality.md
	$(BIN)/python bench/quality_voices.py

quality-ledger: $(VENV)/.dev ## measure the ledger beside BM25 alone and write docs/quality-ledger.md (SHARED: the marked conversations)
	$(BIN)/python bench/quality_ledger.py $(if $(SHARED),--shared $(SHARED)) --write

bench-site: $(VENV)/.dev ## build the site beside Hugo and Pelican and write docs/quality-site.md (EPISODES=1000, TRANSCRIPTS: the real conversations)
	$(BIN)/python bench/site.py $(if $(EPISODES),--episodes $(EPISODES)) $(if $(TRANSCRIPTS),--transcripts $(TRANSCRIPTS)) --write

requirements: $(VENV)/.dev ## lock the requirements anew, with hashes
	$(COMPILE) pyproject.toml requirements/build.in --extra speech --extra offline -o requirements/run.txt
	$(COMPILE) pyproject.toml requirements/build.in requirements/dev.in --extra speech --extra offline --extra cluster --extra mcp --extra parquet --extra static --extra minilm -o requirements/dev.txt
