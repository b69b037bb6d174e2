# A thin wrapper over the CMake presets. ARGS passes flags on:
#   make up ARGS="--communities 0035,0026 --ports auto"      make test ARGS="-R ITI-18"

RELEASE = build/release/bin/kakehashi
ARGS =

.PHONY: up test build bench clean

# Installs what is missing, builds, starts the backbone, shows a patient of one network in another; Ctrl-C stops it.
up: build
	@$(RELEASE) up --show oshidori-mame $(ARGS)

build:
	@cmake/install-packages.sh run
	@cmake --preset release >/dev/null
	@cmake --build --preset release

test:
	@cmake/install-packages.sh test
	@cmake --preset dev >/dev/null
	@cmake --build --preset dev
	@cmake/test-summary.sh --preset dev $(ARGS)

bench: build
	@cmake/install-packages.sh bench
	@$(RELEASE) bench $(ARGS)

clean:
	rm -rf build
