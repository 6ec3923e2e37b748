# Every target sets up what it needs in .venv; git, make and python3-venv (Python 3.11 to 3.13) are enough.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
ARCH ?= $(shell uname -m)

.PHONY: help demo test test-training test-slow kill-test boot-test boot-check bench bench-full lint docs lock install update uninstall purge bundle deb clean

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/core  ## watch a drawn scene being recognised, and see it in build/demo.png
	@mkdir -p build
	$(BIN)/bottlebank demo --output build/demo.png

# One process per core. The tests of a file run in the same one, so that what is slow to load is loaded once.
TEST = $(BIN)/pytest -q -rs -n auto --dist loadfile
test: $(VENV)/dev  ## run the fast tests of what runs on the Pi
	$(TEST)

test-training: $(VENV)/training  ## run the fast tests of what runs on the workstation (installs TensorFlow)
	$(TEST) tests/training tests/benchmarks

test-slow: $(VENV)/dev  ## run the tests that take minutes
	$(BIN)/pytest -q -rs -m slow

kill-test: $(VENV)/dev  ## kill the daemon a hundred times while it enrolls and identifies
	$(BIN)/pytest -q -s -m slow tests/slow/test_kill.py

BOOT = $(BIN)/pytest -q -s -rs -m boot -o tmp_path_retention_policy=failed -o tmp_path_retention_count=1
boot-test: $(VENV)/dev  ## boot Debian 12 and 13 with the service installed (root; see tests/boot/README.md)
	$(BOOT) tests/boot

boot-check: $(VENV)/dev  ## of these only Debian 12 with the package, from power on to the first event (root)
	$(BOOT) tests/boot/test_boot.py -k "bookworm and deb"

bench: $(VENV)/core  ## measure the costs beside one run of the model
	$(BIN)/bottlebank bench

bench-full: build/bench/venv/ready  ## measure against other programs too (installs them under build/; takes a while)
	build/bench/venv/bin/python -m benchmarks

lint: $(VENV)/dev  ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(VENV)/core  ## write the pages and the sample that the code determines
	$(BIN)/python docs/generate.py

lock:  ## choose the versions that development and tests use again (needs uv)
	uv pip compile --universal --python-version 3.11 --extra dev --extra training --upgrade --quiet \
	  --no-annotate --custom-compile-command "make lock" --output-file requirements-dev.lock pyproject.toml

install:  ## make it a service of this machine (root); CAMERA=v4l2 for a USB camera
	systemd/install.sh install

update: install  ## the same: what is configured and enrolled stays

uninstall:  ## take the service away (root); what is configured and enrolled stays
	systemd/install.sh uninstall

purge:  ## take the service away with all that is configured and enrolled (root)
	systemd/install.sh purge

bundle: $(VENV)/core  ## a folder that installs without a network, for ARCH=aarch64 or x86_64
	packaging/bundle.sh $(BIN)/python $(ARCH)

deb: bundle  ## the same as a Debian package
	packaging/deb.sh $(ARCH)

clean:  ## remove what the targets made
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

# The lock has no hashes: piwheels, which Raspberry Pi OS adds to pip, builds its own wheels of the same versions.
$(VENV)/core: pyproject.toml requirements-dev.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint requirements-dev.lock --editable .
	touch $@

# MediaPipe brings an OpenCV for screens that writes over the files of the headless one, so that one goes last.
build/bench/venv/ready: pyproject.toml requirements-dev.lock benchmarks/requirements.txt
	$(PYTHON) -m venv build/bench/venv
	build/bench/venv/bin/pip install --quiet --constraint requirements-dev.lock \
	  --editable '.[training]' --requirement benchmarks/requirements.txt
	build/bench/venv/bin/pip install --quiet --constraint requirements-dev.lock --force-reinstall --no-deps \
	  opencv-python-headless
	touch $@

$(VENV)/dev: $(VENV)/core
	$(BIN)/pip install --quiet --constraint requirements-dev.lock --editable '.[dev]'
	touch $@

$(VENV)/training: $(VENV)/dev
	$(BIN)/pip install --quiet --constraint requirements-dev.lock --editable '.[training]'
	touch $@
