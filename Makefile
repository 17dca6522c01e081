# graphcool-migrate. The targets that people call:
#   make          builds build/graphcool-migrate
#   make demo     installs what is missing (as root on Debian 12), builds, converts the example project
#   make test     installs what the tests need, runs them all, ends with "N passed, N failed"
#   make install  PREFIX=/usr/local DESTDIR=
#   make lint · asan · tsan · bench · clean
#   make fuzz     SECONDS=60 SEED=1 · make random-long · make app-long
#   make bench-long  the peak of memory of moving 2 GB (5 GB of free disk, minutes)

VERSION := 0.1.0
PREFIX  ?= /usr/local
CC      ?= cc
ifeq ($(origin CC),default)
CC := gcc
endif

# VARIANT names a build that lives beside the others: release, asan, clang …
VARIANT ?= release
OUT     := build/$(VARIANT)
ifeq ($(VARIANT),release)
BIN := build/graphcool-migrate
else
BIN := $(OUT)/graphcool-migrate
endif

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 \
            -Wundef -Wcast-qual -Werror
OPTIMIZE ?= -O2 -g
HARDEN   ?= -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
LIBRARIES := yaml-0.1 libcjson libcurl libcrypto libzip sqlite3 tree-sitter
CFLAGS_ALL = -std=c11 -D_GNU_SOURCE -DGCM_VERSION='"$(VERSION)"' -Imigrator $(WARNINGS) $(OPTIMIZE) $(HARDEN) \
             $(shell pkg-config --cflags $(LIBRARIES) 2>/dev/null) $(CFLAGS)
LDLIBS_ALL = $(shell pkg-config --libs $(LIBRARIES) 2>/dev/null) $(LDFLAGS)

SOURCES  := $(filter-out migrator/main.c,$(wildcard migrator/*/*.c migrator/*/*/*.c))
# Grammars of client sources: C files of npm packages, compiled as they are.
PACKAGES := migrator/operations/grammars/node_modules
GRAMMARS := $(foreach grammar,javascript/src typescript/typescript/src typescript/tsx/src,\
              $(foreach part,parser scanner,$(OUT)/grammars/tree-sitter-$(grammar)/$(part).o))
OBJECTS  := $(SOURCES:migrator/%.c=$(OUT)/obj/%.o) $(OUT)/obj/embedded.o $(GRAMMARS)
RULES    := $(wildcard rules/*.yml)
EMBEDDED := $(sort $(RULES) $(shell find rules/templates -name node_modules -prune -o -type f -print))
TOOLS    := $(patsubst tests/tools/%.c,$(OUT)/tools/%,$(wildcard tests/tools/*.c))
UNIT     := $(patsubst tests/unit/%.c,$(OUT)/tests/%,$(wildcard tests/unit/*.c))

.PHONY: all demo test check setup setup-build setup-demo setup-test install lint format asan tsan fuzz crash-long fault-long random-long app-long bench bench-long clean unit
all: $(BIN)

$(BIN): $(OUT)/obj/main.o $(OUT)/libgcm.a
	$(CC) $(CFLAGS_ALL) -pie -o $@ $^ $(LDLIBS_ALL)

$(OUT)/libgcm.a: $(OBJECTS)
	rm -f $@ && ar rcs $@ $^

$(OUT)/obj/%.o: migrator/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(OUT)/grammars/%.o: $(PACKAGES)/%.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -w $(OPTIMIZE) $(HARDEN) -I$(<D) -c -o $@ $<
$(PACKAGES)/%.c:
	@echo "$@ is missing: run make setup-build" >&2; exit 1

# Rules and templates become part of the binary; of the rules their trees, too.
$(OUT)/pack_rules: migrator/pack_rules.c $(filter-out %/embedded.o,$(filter $(OUT)/obj/core/%,$(OBJECTS)))
	$(CC) $(CFLAGS_ALL) -pie -o $@ $^ $(LDLIBS_ALL)
$(OUT)/packs/%.pack: % $(OUT)/pack_rules
	@mkdir -p $(@D)
	$(OUT)/pack_rules $< $@
$(OUT)/embedded.S: Makefile migrator/core/embed.sh $(EMBEDDED) $(RULES:%=$(OUT)/packs/%.pack)
	@mkdir -p $(@D)
	sh migrator/core/embed.sh $(OUT)/packs $(EMBEDDED) > $@
$(OUT)/obj/embedded.o: $(OUT)/embedded.S $(EMBEDDED)
	@mkdir -p $(@D)
	$(CC) -c -o $@ $<

$(OUT)/tests/%: tests/unit/%.c $(OUT)/libgcm.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -pie -o $@ $< $(OUT)/libgcm.a $(LDLIBS_ALL) -lcmocka

# Drivers of test programs written in other languages: tests/tools/NAME.c
$(OUT)/tools/%: tests/tools/%.c $(OUT)/libgcm.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -pie -o $@ $< $(OUT)/libgcm.a $(LDLIBS_ALL)

unit: $(UNIT) $(TOOLS)

asan:
	$(MAKE) VARIANT=asan OPTIMIZE="-O1 -g" HARDEN="-fPIE" \
	    CFLAGS="-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer" all unit

# The steps that work in threads, watched: tests/transfer/threads.test.mjs.
tsan:
	$(MAKE) VARIANT=tsan OPTIMIZE="-O1 -g" HARDEN="-fPIE" CFLAGS="-fsanitize=thread" all build/tsan/tools/ahead

setup-build:
	@sh tests/setup.sh build
setup-demo:
	@sh tests/setup.sh demo
setup-test:
	@sh tests/setup.sh test
setup: setup-test

demo: setup-demo
	$(MAKE) all
	sh tests/demo.sh

# `make test` does everything on a fresh machine; `make check` runs the tests with what is there.
test: setup-test
	$(MAKE) all unit
	$(MAKE) asan
	node tests/run.mjs
check: all unit
	node tests/run.mjs $(TESTS)

# Damaged projects, JSON, zips and sources of clients, for SECONDS each, from SEED.
SECONDS ?= 60
SEED    ?= 1
fuzz:
	$(MAKE) asan
	node tests/fuzz/fuzz.mjs $(SECONDS) $(SEED)
	node tests/fuzz/ndf.mjs $(SECONDS) $(SEED)
	node tests/fuzz/clients.mjs $(SECONDS) $(SEED)

# kill -9 at every kind of moment, KILLS times; `make check` takes a sample that changes from day to day.
KILLS ?= 1200
crash-long: all
	GCM_CRASH_KILLS=$(KILLS) node tests/crash/crash.test.mjs

# Every fault at every request of a transfer, and sequences of a hundred, in the order that SEED gives, for FAULT_SECONDS.
FAULT_SECONDS ?= 3600
fault-long: all
	node tests/fault/long.mjs $(FAULT_SECONDS) $(SEED)

# Five hundred random projects with random data, moved from one stand-in to the other.
random-long: all
	node tests/transfer/random.mjs 500

# The generated application: every real project started as its owner would, and the random services asked at random.
app-long: all
	node tests/app/start.test.mjs all
	node tests/app/random.test.mjs 250 20

bench: all unit
	node tests/bench/run.mjs
bench-long: all unit
	node tests/bench/memory_data.mjs 10 2000

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 $(BIN) $(DESTDIR)$(PREFIX)/bin/graphcool-migrate
	install -m 644 docs/graphcool-migrate.1 $(DESTDIR)$(PREFIX)/share/man/man1/graphcool-migrate.1

format:
	clang-format -i migrator/*.c migrator/*/*.[ch] migrator/*/*/*.[ch] $(wildcard tests/unit/*.c tests/tools/*.c)
lint:
	sh tests/lint.sh

clean:
	rm -rf build

-include $(patsubst %.o,%.d,$(filter-out $(GRAMMARS),$(OBJECTS))) $(OUT)/obj/main.d
