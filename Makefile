# Every command sets up what it needs; see tools/setup.py. Works again offline once set up.
PYTHON ?= python3
ifeq ($(OS),Windows_NT)
VENV_PY := .venv/Scripts/python.exe
else
VENV_PY := .venv/bin/python
endif
RUNTIME := .venv/.runtime-ready
DEV := .venv/.dev-ready

.PHONY: run test check format bench lock clean

run: $(RUNTIME)
	@$(VENV_PY) main.py $(ARGS)

test: $(DEV)
	@$(VENV_PY) -m tools.test

check: $(DEV)
	@$(VENV_PY) -m tools.check

format: $(DEV)
	@$(VENV_PY) -m ruff format . && $(VENV_PY) -m ruff check --fix .

bench: $(DEV)
	@$(VENV_PY) -m benchmarks

$(RUNTIME): requirements/runtime.txt tools/setup.py
	@$(PYTHON) tools/setup.py runtime

$(DEV): requirements/runtime.txt requirements/dev.txt tools/setup.py
	@$(PYTHON) tools/setup.py dev

# Re-pins every dependency for every platform and Python we support; needs the tool `uv` on PATH.
lock:
	@for name in runtime dev; do uv pip compile --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header -q --upgrade requirements/$$name.in -o requirements/$$name.txt; done

clean:
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis out
