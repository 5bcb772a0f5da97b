# What sets up .venv and opens JupyterLab: for the course's Makefile and for that of the students' tree.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# nbgrader calls alembic by name.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

CONSTRAINTS := .ci/constraints.txt
TORCH       := $(shell sed -n 's/^\(torch==.*\)/\1/p' $(CONSTRAINTS))
TORCH_CPU   := https://download.pytorch.org/whl/cpu

# Root, the only user of many containers, has to say so to JupyterLab.
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
# Given as an address: given as a file, its folder would be all that the reader sees.
lab: $(VENV)/course
	$(BIN)/jupyter lab $(AS_ROOT) --LabApp.default_url=/lab/tree/lectures/1_regression.ipynb

# One stamp per set of packages; each is made again when pyproject.toml or the pins change.
$(VENV)/course: pyproject.toml $(CONSTRAINTS) | $(VENV)/torch
	@$(call install,-e .)
	@mkdir -p $(dir $(SETTINGS)) && echo '$(NO_NEWS)' > $(SETTINGS)
	@touch $@

# JupyterLab would ask whether it may tell news, above the first figure that a reader sees.
SETTINGS := $(VENV)/share/jupyter/lab/settings/overrides.json
NO_NEWS  := {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}

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
