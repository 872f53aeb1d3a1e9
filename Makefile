# `make help` lists what there is. Everything runs in .venv, which the first target that needs it makes.
.DEFAULT_GOAL := help
.PHONY: help run test torture lint types bench bench-growth schema texts requirements clean
PYTHON := .venv/bin/python
WITHOUT_DATABASE := --settings tests.settings --skip-checks

help: ## this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1	/' | expand -t 22

run: ## starts Newsapp: PostgreSQL, the demo on the first start, the web server; Ctrl-C stops all of it
	@scripts/bootstrap run
	@exec $(PYTHON) -m newsapp.run

test: ## runs all tests, those in a real browser too
	@scripts/bootstrap dev
	@browser="$$(scripts/find_browser)" && NEWSAPP_BROWSER="$$browser" $(PYTHON) -m pytest -n 2 --dist loadfile

torture: ## saves 20,000 changes while everything is killed, cut and filled 200 times (KILLS, CHANGES, SEED)
	@scripts/bootstrap dev
	@browser="$$(scripts/find_browser)" && NEWSAPP_BROWSER="$$browser" $(PYTHON) -m tests.torture \
		--kills $(or $(KILLS),200) --changes $(or $(CHANGES),20000) --seed $(or $(SEED),1)

lint: ## looks for faults of style, layers, templates, migrations and the API's description
	@scripts/bootstrap dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/djade --target-version 6.1 --check $$(find templates annotations -name '*.html')
	.venv/bin/lint-imports --no-cache
	$(PYTHON) -m pytest -q tests/newsapp/test_migrations.py
	@mkdir -p build
	$(PYTHON) manage.py spectacular $(WITHOUT_DATABASE) --fail-on-warn --file build/openapi.yaml
	diff -u docs/openapi.yaml build/openapi.yaml || { echo 'The API changed: run `make schema` and look at it.'; exit 1; }

types: ## checks the types
	@scripts/bootstrap dev
	$(PYTHON) -m mypy

bench: ## measures saving, importing, exporting and the desk, each beside its floor
	@scripts/bootstrap dev
	@browser="$$(scripts/find_browser)" && NEWSAPP_BROWSER="$$browser" $(PYTHON) -m benchmarks

bench-growth: ## measures a site with a million articles beside one with a thousand (ARTICLES); takes hours and 30 GB
	@scripts/bootstrap dev
	@ARTICLES=$(or $(ARTICLES),1000000) $(PYTHON) -m benchmarks growth

schema: ## writes the API's description, docs/openapi.yaml
	@scripts/bootstrap dev
	$(PYTHON) manage.py spectacular $(WITHOUT_DATABASE) --fail-on-warn --file docs/openapi.yaml

texts: ## brings the catalogues of locale/ up to date: what is new is empty until somebody translates it
	@scripts/bootstrap dev
	$(PYTHON) -m scripts.texts

requirements: ## pins the newest versions of requirements/*.in with their hashes (needs uv)
	for list in run dev uv; do \
		uv pip compile --quiet --upgrade --universal --python-version 3.12 --generate-hashes --no-header --no-emit-index-url \
			requirements/$$list.in --output-file requirements/$$list.txt || exit 1; \
	done

clean: ## removes what can be made again; the data in NEWSAPP_HOME stays
	rm -rf .venv .venv-uv build .mypy_cache .ruff_cache .pytest_cache .hypothesis
