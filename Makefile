# Neural Networks and Backpropagation: everything that is done with this course, as targets.
# `make` alone lists them. All but `help` and `clean` set up .venv on first use.

include .ci/environment.mk
.DEFAULT_GOAL := help

help:
	@echo "make lab        open the course in JupyterLab"
	@echo "make test       run every test, in parallel"
	@echo "make check      run the fast tests alone"
	@echo "make test-stock run the hostile submissions through stock nbgrader, to see that they bite"
	@echo "make test-hostile grade all hostile submissions, as an ordinary user and as root"
	@echo "make test-kills kill graders, workers and sandboxes at random moments, and compare the gradebooks"
	@echo "make exercises  write exercises/ from solutions/ with nbgrader"
	@echo "make students   write the tree that students get to students/"
	@echo "make links      let the links to Binder and Colab lead to REPO=owner/name"
	@echo "make site       write the lectures as they run, the exercises to read, and slides, to build/site/"
	@echo "make slides     write the lectures as slides to build/site/slides/"
	@echo "make weights    train the applications' weights from their seeds (15 minutes)"
	@echo "make bench      measure speed against the peers (ROOM=training for one table)"
	@echo "make clean      remove what make wrote, .venv included"

test: tests/conftest.py $(VENV)/test
	$(BIN)/python -m pytest -n auto --dist worksteal

check: tests/conftest.py $(VENV)/test
	$(BIN)/python -m pytest -n auto -m "not stock and not slow and not browser and not sandbox and not postgresql"

test-stock: $(VENV)/test
	NNLIB_WHOLE_BATCH=1 $(BIN)/python -m pytest -n auto --dist worksteal -m stock tests/grading

test-hostile: $(VENV)/test
	NNLIB_WHOLE_BATCH=1 $(BIN)/python -m pytest -n 0 tests/grading/sandbox/test_hostile.py

test-kills: $(VENV)/test
	$(BIN)/python -m tests.grading.kills sqlite 20
	$(BIN)/python -m tests.grading.kills postgresql 20

exercises: $(VENV)/course
	@for unit in solutions/*/; do \
	  $(BIN)/nbgrader generate_assignment "$$(basename $$unit)" --create --force || exit 1; done

tests/conftest.py:
	@echo "There are no tests here: this is the students' tree. They are in the course's own repository." >&2; exit 1

# What .gitattributes marks export-ignore stays out: solutions, hidden tests, wrong answers.
students:
	@git rev-parse --verify --quiet HEAD >/dev/null || { echo "make students copies the last commit: run it in a git clone of the course." >&2; exit 1; }
	@rm -rf students && mkdir students && git archive HEAD | tar -x -C students
	@sed -n '/^| unit /,/^$$/p' students/README.md > students/map
	@sed -e '/^MAP$$/r students/map' -e '/^MAP$$/d' students/.ci/students/README.md > students/README.md
	@mv students/.ci/students/Makefile students/ && rm -r students/.ci/students students/map
	@mkdir students/.ci/released && cp students/exercises/*/*.ipynb students/.ci/released/
	@echo "students/ holds what students get, as of the last commit."

# The addresses of the students' tree by what git calls origin or by REPO=owner/name: the links in the README, of
# which that of the students gets its map, and what the first cell of a notebook installs on Colab.
REPO ?= $(shell git remote get-url origin 2>/dev/null | sed -nE 's#.*github\.com[:/]([^/]+/[^/]+)$$#\1#p' | sed 's/\.git$$//')
links:
	@[ -n "$(REPO)" ] || { echo "Say which repository holds the students' tree: make links REPO=owner/name" >&2; exit 1; }
	@perl -pi -e 's#(mybinder\.org/v2/gh|colab\.research\.google\.com/github)/[^/]+/[^/]+/#$$1/$(REPO)/#g' README.md
	@perl -pi -e 's#git\+https://github\.com/[^/]+/[\w.-]+#git+https://github.com/$(REPO)#g' $(wildcard */*.ipynb */*/*.ipynb)
	@echo "The links to Binder and Colab lead to $(REPO)."

# Lectures as they run: what the site and the slides are made from. Each is run again when it or the library has changed.
EXECUTED := $(patsubst lectures/%,build/executed/%,$(wildcard lectures/*.ipynb))
LIBRARY  := $(shell find nnlib -name '*.py' -o -name '*.js' -o -name '*.css' 2>/dev/null)
build/executed/%.ipynb: lectures/%.ipynb $(LIBRARY) | $(VENV)/course
	$(BIN)/jupyter nbconvert --log-level WARN --to notebook --execute --output-dir build/executed $<

site: $(EXECUTED)
	$(BIN)/python .ci/site build/site $(EXECUTED)

slides: $(EXECUTED)
	$(BIN)/python .ci/site/slides.py build/site/slides $(EXECUTED)

bench: $(VENV)/bench
	$(BIN)/python -m tests.bench $(ROOM)

weights: $(VENV)/course
	$(BIN)/python -m nnlib.applications

clean:
	rm -rf $(VENV) students reports build *.egg-info .pytest_cache .hypothesis .ruff_cache bench.json
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One stamp per set of packages, as in .ci/environment.mk.
$(VENV)/test: $(VENV)/course
	@$(call install,-e '.[test]')
	@touch $@

$(VENV)/bench: $(VENV)/test
	@$(call install,-e '.[bench]')
	@touch $@

.PHONY: help lab test test-stock test-hostile test-kills check exercises students links site slides weights bench clean
