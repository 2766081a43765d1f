# The habits of this project, as commands. Every target first installs what it needs.

PYTHON_VENV := .venv/bin/python
RUNTIME := scripts/bootstrap requirements.txt
DEVELOPMENT := scripts/bootstrap requirements-dev.txt

COMPILE_LOCK := $(PYTHON_VENV) -m uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock"

# What a production machine sets, with made-up values.
SAMPLE_KEY := MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=
PRODUCTION := env -u DEBUG -u DEMO ALLOWED_HOSTS=yihao.example \
	DATABASE_URL=postgresql://yihao@db.example/yihao REDIS_URL=redis://redis.example/0 \
	DJANGO_SECRET_KEY=$(SAMPLE_KEY)$(SAMPLE_KEY) FIELD_KEY=$(SAMPLE_KEY) HASH_KEY=$(SAMPLE_KEY)

# A file stays on one of the two workers, so that what it prepares is prepared once.
PYTEST := $(PYTHON_VENV) -m pytest -n 2 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help run test test-all check rows lock messages fmt clean screenshots
.PHONY: bench bench-one bench-scale bench-peer flame

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Run Yihao on this machine until Ctrl-C; PORT=8001 moves it
	@$(RUNTIME) && exec $(PYTHON_VENV) -m config.servers.launcher --follow-parent

test: ## Run the tests, without those that take more than twenty seconds
	@$(DEVELOPMENT)
	$(PYTEST) -m "not slow"

test-all: ## Run all tests
	@$(DEVELOPMENT)
	$(PYTEST)

check: ## Lint, types, migrations, templates, translations, production settings
	@$(DEVELOPMENT)
	$(PYTHON_VENV) -m ruff check .
	$(PYTHON_VENV) -m ruff format --check .
	$(PYTHON_VENV) -m mypy .
	$(PYTHON_VENV) manage.py makemigrations --check --dry-run
	$(PYTHON_VENV) -m djlint --quiet --lint templates
	$(PYTHON_VENV) -m scripts.messages --check
	$(PRODUCTION) $(PYTHON_VENV) manage.py check --deploy --fail-level WARNING

rows: ## Print which requirement rows have passing tests
	@$(DEVELOPMENT)
	@$(PYTHON_VENV) -m scripts.rows

lock: ## Pin what requirements.in and requirements-dev.in ask for
	@$(DEVELOPMENT)
	$(COMPILE_LOCK) requirements.in -o requirements.txt
	$(COMPILE_LOCK) requirements-dev.in -o requirements-dev.txt
	$(COMPILE_LOCK) bench/requirements.in -o bench/requirements.txt
	$(COMPILE_LOCK) bench/peer/requirements.in -o bench/peer/requirements.txt

messages: ## Take new texts into the Chinese catalogue, and compile it
	@$(DEVELOPMENT)
	$(PYTHON_VENV) -m scripts.messages

fmt: ## Format the Python sources
	@$(DEVELOPMENT)
	$(PYTHON_VENV) -m ruff check --fix-only .
	$(PYTHON_VENV) -m ruff format .

screenshots: ## Photograph the pages
	@$(DEVELOPMENT)
	$(PYTHON_VENV) -m scripts.screenshots

bench: ## Measure, ten minutes; LOADS="bookings …" chooses, ARGS="--rounds 3" changes
	@$(DEVELOPMENT)
	$(PYTHON_VENV) -m bench $(LOADS) $(ARGS)

bench-one: ## Measure one load: NAME=sold_out
	@$(DEVELOPMENT)
	$(PYTHON_VENV) -m bench $(or $(NAME),$(error Say which: make bench-one NAME=sold_out)) \
		--report $(NAME) $(ARGS)

bench-scale: ## Measure on big tables; they are filled once and kept
	@$(DEVELOPMENT)
	$(PYTHON_VENV) -m bench --scale --report scale $(LOADS) $(ARGS)

bench-peer: ## Measure pretix beside Yihao
	@$(DEVELOPMENT)
	$(PYTHON_VENV) -m bench peer --report peer $(ARGS)

flame: ## Show where the time of a booking goes
	@$(DEVELOPMENT)
	$(PYTHON_VENV) -m bench.flame $(LOADS) $(ARGS)

clean: ## Remove what was built; the data in .state stay
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
