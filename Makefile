# Neural Networks and Backpropagation: everything that is done with this course, as targets.
# `make` alone lists them. All but `help` and `clean` set up .venv on first use.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# nbgrader calls alembic by name.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

CONSTRAINTS := .ci/constraints.txt
TORCH       := $(shell sed -n 's/^\(torch==.*\)/\1/p' $(CONSTRAINTS))
TORCH_CPU   := https://download.pytorch.org/whl/cpu

help:
	@echo "make lab        open the course in JupyterLab"
	@echo "make test       run every test, in parallel"
	@echo "make check      run the fast tests alone"
	@echo "make test-stock run the hostile submissions through stock nbgrader, to see that they bite"
	@echo "make test-hostile grade all hostile submissions as this user too, if that is root"
	@echo "make exercises  write exercises/ from solutions/ with nbgrader"
	@echo "make students   write the tree that students get to students/"
	@echo "make site       write the lectures as they run, and the exercises to read, to build/site/"
	@echo "make weights    train the applications' weights from their seeds (8 minutes)"
	@echo "make bench      measure speed against the peers (ROOM=training for one table)"
	@echo "make clean      remove what make wrote, .venv included"

# Root, the only user of many containers, has to say so to JupyterLab.
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
# Given as an address: given as a file, its folder would be all that the reader sees.
lab: $(VENV)/course
	$(BIN)/jupyter lab $(AS_ROOT) --LabApp.default_url=/lab/tree/lectures/1_regression.ipynb

test: tests/conftest.py $(VENV)/test
	$(BIN)/python -m pytest -n auto --dist worksteal

check: tests/conftest.py $(VENV)/test
	$(BIN)/python -m pytest -n auto -m "not stock and not slow and not browser and not sandbox and not postgresql"

test-stock: $(VENV)/test
	$(BIN)/python -m pytest -n auto --dist worksteal -m stock tests/grading

test-hostile: $(VENV)/test
	NNLIB_WHOLE_BATCH=1 $(BIN)/python -m pytest -n 0 tests/grading/sandbox/test_hostile.py

exercises: $(VENV)/course
	@for unit in solutions/*/; do \
	  $(BIN)/nbgrader generate_assignment "$$(basename $$unit)" --create --force || exit 1; done

tests/conftest.py:
	@echo "There are no tests here: this is the students' tree. They are in the course's own repository." >&2; exit 1

# What .gitattributes marks export-ignore stays out: solutions, hidden tests, wrong answers.
students:
	@git rev-parse --verify --quiet HEAD >/dev/null || { echo "make students copies the last commit: run it in a git clone of the course." >&2; exit 1; }
	@rm -rf students && mkdir students && git archive HEAD | tar -x -C students
	@echo "students/ holds what students get, as of the last commit."

# Lectures as they run: what the site is made from. Each is run again when it or the library has changed.
EXECUTED := $(patsubst lectures/%,build/executed/%,$(wildcard lectures/*.ipynb))
LIBRARY  := $(shell find nnlib -name '*.py' -o -name '*.js' -o -name '*.css' 2>/dev/null)
build/executed/%.ipynb: lectures/%.ipynb $(LIBRARY) | $(VENV)/course
	$(BIN)/jupyter nbconvert --log-level WARN --to notebook --execute --output-dir build/executed $<

site: $(EXECUTED)
	$(BIN)/python .ci/site build/site $(EXECUTED)

bench: $(VENV)/bench
	$(BIN)/python -m tests.bench $(ROOM)

weights: $(VENV)/course
	$(BIN)/python -m nnlib.applications

clean:
	rm -rf $(VENV) students reports build *.egg-info .pytest_cache .hypothesis .ruff_cache bench.json
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One stamp per set of packages; each is made again when pyproject.toml or the pins change.
$(VENV)/course: pyproject.toml $(CONSTRAINTS) | $(VENV)/torch
	@$(call install,-e .)
	@touch $@

$(VENV)/test: $(VENV)/course
	@$(call install,-e '.[test]')
	@touch $@

$(VENV)/bench: $(VENV)/test
	@$(call install,-e '.[bench]')
	@touch $@

# PyTorch's own index has a CPU build (200 MB). The default index may offer CUDA (gigabytes) for the
# same version, so it comes second, for machines that reach no other. --no-deps: torch alone.
$(VENV)/torch: $(CONSTRAINTS) | $(BIN)/python
	@echo "Installing the CPU build of $(TORCH)."
	@timeout 12 $(BIN)/python -c "import urllib.request; urllib.request.urlopen('$(TORCH_CPU)/torch/', timeout=5)" 2>/dev/null \
	  && $(BIN)/pip install --no-deps --index-url $(TORCH_CPU) $(TORCH) \
	  || $(BIN)/pip install --no-deps --retries 2 $(TORCH) || { $(install_failed); }
	@touch $@

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "No '$(PYTHON)' found: this course needs Python 3.11 or newer. Name yours with: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python is too old: this course needs 3.11 or newer, '$(PYTHON)' is $$($(PYTHON) -V 2>&1 | cut -d' ' -f2). Name a newer one with: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@[ -w . ] || { echo "$(CURDIR) cannot be written to: copy the course to a folder of your own, and run make there." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv module is missing: install it (Debian: apt install python3-venv) and run make again." >&2; exit 1; }

# pip names each package as it comes: the first start takes minutes.
install = echo "Installing $(1) with the tested versions: a few minutes the first time."; $(BIN)/pip install --retries 2 --constraint $(CONSTRAINTS) $(1) || { $(install_failed); }
install_failed = code=$$?; if [ $$code -gt 128 ]; then echo "pip was ended by signal $$((code - 128)) (9: the machine ran out of memory, or somebody ended it). Run make again; what is already installed is kept." >&2; \
  elif ! touch $(VENV)/.writable 2>/dev/null; then echo "$(CURDIR)/$(VENV) cannot be written to, or the disk is full: check its rights and df ." >&2; \
  else rm -f $(VENV)/.writable; echo "The packages could not be downloaded: check the network connection and run make again; what is already installed is kept." >&2; fi; exit 1

.PHONY: help lab test test-stock test-hostile check exercises students site weights bench clean
