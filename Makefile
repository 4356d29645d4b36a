# make          build .build/pilar               make run      try it on a demo store
# make test     every test, then the totals      make asan     the tests under ASan + UBSan
# make check    layers, format, lint             make fuzz     each fuzzer for FUZZ_SECS
# make bench    ratios to floors, .build/bench.tsv; bench-large: search over 5,000,000
# make crash    torn writes, kills               make format   rewrite in house style
# make storm    an hour of random keys on a real terminal
# make install  DESTDIR, PREFIX honoured         make deps     install what all of it needs
#
# make messages texts of the sources into src/app/en.po, for the translator
#
# Variables: BUILD=debug|release|asan|fuzz  CC=gcc|clang  V=1 to see commands
BUILD ?= debug
PREFIX ?= /usr/local
VERSION := 0.9
FUZZ_SECS ?= 30
ifeq ($(origin CC),default)
CC := gcc
endif
O := .build/$(BUILD)-$(notdir $(CC))
Q := $(if $(V),,@)
MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := all

PKGS := ncursesw lmdb uuid libutf8proc libsodium libarchive jansson libxml-2.0 \
	libpcre2-8 libmd libzstd
CPPFLAGS += -Iinclude -D_XOPEN_SOURCE=700 -D_DEFAULT_SOURCE \
	-DPILAR_PREFIX='"$(PREFIX)"' -DPILAR_VERSION='"$(VERSION)"' $(PKG_CPPFLAGS)
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wold-style-definition -Wdeclaration-after-statement \
	-Wvla -Wundef -Wpointer-arith -Wwrite-strings -Wformat=2 -Wswitch-enum \
	-Wcast-qual -Wnull-dereference -Wimplicit-fallthrough -Werror
HARD := -fstack-protector-strong -fstack-clash-protection -fcf-protection \
	-fno-common -fPIE
SAN := -fsanitize=address,undefined -fno-sanitize-recover=all
OPT_debug := -O1 -g -fno-omit-frame-pointer
OPT_release := -O2 -g -D_FORTIFY_SOURCE=3
OPT_asan := $(OPT_debug) $(SAN)
OPT_fuzz := $(OPT_debug) $(SAN) -fsanitize=fuzzer-no-link
CFLAGS += -std=c17 $(OPT_$(BUILD)) $(WARN) $(HARD)
LDFLAGS += -pie -Wl,-z,relro,-z,now,-z,noexecstack \
	$(filter -fsanitize=address%,$(OPT_$(BUILD)))
PKG_CPPFLAGS := -isystem /usr/include/libxml2
LDLIBS := -lncursesw -llmdb -luuid -lutf8proc -lsodium -larchive -ljansson \
	-lxml2 -lpcre2-8 -lmd -lzstd -lm

SRC := $(wildcard src/*/*.c)
HDR := $(wildcard include/pilar/*.h src/*/*.h)
APP := $(filter src/app/%,$(SRC))
LIB := $(filter-out src/app/% src/net/%,$(SRC))
UNIT := $(wildcard tests/unit/test_*.c)
FUZZ := $(wildcard tests/fuzz/fuzz_*.c)
BENCH := $(wildcard tests/bench/bench_*.c)
TESTLIB := $(wildcard tests/lib/*.c)
CRASH := tests/crash/script.c tests/crash/kept.c
# Programs that speak TAP beside the unit tests.
SCRIPTS := $(wildcard tests/*/test_*.py tests/*/test_*.sh)
ALL := $(SRC) $(UNIT) $(FUZZ) $(BENCH) $(TESTLIB) $(CRASH) \
	tests/crash/shim.c
obj = $(patsubst %.c,$(O)/%.o,$(1))
bin = $(patsubst %.c,$(O)/%,$(1))

all: need-build $(O)/pilar
	@ln -sfn $(notdir $(O))/pilar .build/pilar

need-build need-test need-check: need-%:
	@sh tests/deps.sh $*
deps:
	@sh tests/deps.sh build test check

$(O)/pilar: $(call obj,$(APP)) $(O)/libpilar.a | $(O)/locale/en/LC_MESSAGES/pilar.mo $(O)/share
$(call bin,$(UNIT) $(BENCH)): LDLIBS += -lcmocka
# What is plugged in here is not the tests' business: tests/lib/stage.h.
$(call bin,$(UNIT)): LDFLAGS += -Wl,--wrap=sync_places
$(call bin,tests/unit/test_age.c): LDLIBS += -lz
$(O)/tests/bench/bench_search: LDLIBS += -lsqlite3
$(call bin,$(UNIT) $(BENCH)): $(O)/%: $(O)/%.o $(call obj,$(TESTLIB)) $(O)/libpilar.a
$(call bin,$(FUZZ)): LDFLAGS += -fsanitize=fuzzer
$(call bin,$(FUZZ)): $(O)/%: $(O)/%.o $(call obj,tests/lib/shape.c tests/lib/world.c) $(O)/libpilar.a
$(call bin,$(CRASH)): $(O)/%: $(O)/%.o $(O)/libpilar.a
$(O)/pilar $(call bin,$(UNIT) $(BENCH) $(FUZZ) $(CRASH)):
	@echo "  LINK $@"
	$(Q)$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@
$(O)/libpilar.a: $(call obj,$(LIB))
	@echo "  AR   $@"
	$(Q)rm -f $@ && $(AR) rcs $@ $^
	@twice=$$(nm -g --defined-only $^ | awk 'NF == 3 { print $$3 }' | sort | uniq -d); \
		test -z "$$twice" || { echo "defined twice: $$twice"; rm -f $@; exit 1; }
$(O)/%.o: %.c Makefile
	@mkdir -p $(@D); echo "  CC   $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@
-include $(patsubst %.c,$(O)/%.d,$(ALL))
$(O)/locale/en/LC_MESSAGES/pilar.mo: src/app/en.po
	@mkdir -p $(@D); msgfmt --check-format -o $@ $<
# The texts of the sources as they are now; what is new waits untranslated.
MESSAGES := LC_ALL=C xgettext --language=C --from-code=UTF-8 -k_ -kN_ --sort-by-file \
	--add-location=file --no-wrap -o -
messages:
	@mkdir -p .build
	@$(MESSAGES) $(sort $(SRC) $(wildcard src/*/*.h)) | sed '/^"POT-Creation-Date/d' >.build/pilar.pot
	@msgmerge --quiet --no-fuzzy-matching --no-wrap --add-location=file --sort-by-file \
		-o .build/en.po src/app/en.po .build/pilar.pot
	@msgattrib --no-obsolete --no-wrap --add-location=file --sort-by-file .build/en.po >src/app/en.po
	@msgattrib --untranslated --no-wrap src/app/en.po
# What the program ships, found beside it.
$(O)/share:
	@mkdir -p $(@D); ln -sfn ../../forms $@

test: need-build need-test all $(call bin,$(UNIT))
	@PILAR=$(CURDIR)/$(O)/pilar sh tests/run.sh $(addprefix ./,$(call bin,$(UNIT)) $(SCRIPTS))
# Conversion, both languages, names of the drafts, 110 criteria, truth tables.
forms-check: need-test all
	@PILAR=$(CURDIR)/$(O)/pilar sh tests/run.sh $(sort $(wildcard ./tests/forms/test_*.py))
# Files of devices lost, doubled, cut off and out of order, at length.
schedules: need-test $(O)/tests/unit/test_merge
	SCHEDULES=$${SCHEDULES:-10000} FILES=$${FILES:-20} $(O)/tests/unit/test_merge
asan: need-check
	$(Q)ASAN_OPTIONS=detect_leaks=1 $(MAKE) --no-print-directory BUILD=asan CC=clang test
fuzz: need-check
	$(Q)$(MAKE) --no-print-directory BUILD=fuzz CC=clang fuzz-run
fuzz-run: $(call bin,$(FUZZ))
	@for f in $^; do echo "fuzz $$f"; mkdir -p .build/corpus/$$(basename $$f); \
		./$$f -max_total_time=$(FUZZ_SECS) -timeout=10 -rss_limit_mb=1024 \
		-verbosity=0 -print_final_stats=1 .build/corpus/$$(basename $$f) \
		$$(ls tests/fuzz/$$(basename $$f).dict 2>/dev/null | sed s/^/-dict=/) \
		$$(ls -d tests/fuzz/seed/$$(basename $$f) 2>/dev/null) 2>&1 | \
		grep -E 'number_of_executed|SUMMARY|ERROR' ; \
		test $$? -eq 0 || exit 1; done
bench:
	$(Q)$(MAKE) --no-print-directory BUILD=release bench-run
bench-run: need-test all $(call bin,$(BENCH))
	@PILAR=$(CURDIR)/$(O)/pilar BENCH_DIR=$(O)/tests/bench sh tests/bench/run.sh
# One million households: half an hour and 20 GB of disk.
.PHONY: bench-large bench-large-run
bench-large:
	$(Q)$(MAKE) --no-print-directory BUILD=release bench-large-run
bench-large-run: need-test $(addprefix $(O)/tests/bench/bench_,search cold)
	@mkdir -p .build/bench-large
	@for b in $(filter-out need-test,$^); do PILAR_BENCH_HOUSES=1000000 \
		PILAR_BENCH_STORE=.build/bench-large $$b || exit 1; done
# Loaded before libc into what is to fail: no sanitizer, no hardening.
$(O)/tests/crash/shim.so: tests/crash/shim.c Makefile
	@mkdir -p $(@D); echo "  CC   $<"
	$(Q)$(CC) $(CPPFLAGS) -std=c17 -O1 -g $(WARN) -shared -fPIC $< -o $@
crash: need-test all $(call bin,$(CRASH)) $(O)/tests/unit/test_store_damage $(O)/tests/crash/shim.so
	@PILAR=$(CURDIR)/$(O)/pilar O=$(O) CC=$(CC) sh tests/crash/run.sh
# Random keys, sizes, hang-ups on a real terminal: STORM_SECS of it.
STORM_SECS ?= 3600
storm: need-test all
	@PILAR=$(CURDIR)/$(O)/pilar /usr/bin/python3 tests/pty/storm.py $(STORM_SECS) $(STORM_SEED)
run: all
	@sh tests/demo.sh $(O)/pilar .build/demo
	@$(O)/pilar --store .build/demo

check: need-check
	@sh tests/lint/check.sh "$(CPPFLAGS) -std=c17 $(WARN)" $(ALL) $(HDR)
format: need-check
	$(Q)clang-format -i $(ALL) $(HDR)
install: all
	install -D -m 0755 $(O)/pilar $(DESTDIR)$(PREFIX)/bin/pilar
	install -d $(DESTDIR)$(PREFIX)/share/pilar/media $(DESTDIR)$(PREFIX)/share/locale/en/LC_MESSAGES
	install -m 0644 forms/*.csv $(DESTDIR)$(PREFIX)/share/pilar
	install -m 0644 forms/media/* $(DESTDIR)$(PREFIX)/share/pilar/media
	install -d $(DESTDIR)$(PREFIX)/share/pilar/sync
	install -m 0644 forms/sync/*.dict $(DESTDIR)$(PREFIX)/share/pilar/sync
	install -m 0644 $(O)/locale/en/LC_MESSAGES/pilar.mo $(DESTDIR)$(PREFIX)/share/locale/en/LC_MESSAGES
# The dictionary of sync files, trained on visits of chance; see tests/dict.py.
dict: need-test all
	@mkdir -p forms/sync; /usr/bin/python3 tests/dict.py $(CURDIR)/$(O)/pilar forms/sync/pilar-3.dict
# The form that decides between differing data, from all others.
konflik:
	/usr/bin/python3 tests/forms/konflik.py > forms/putusan_isi.csv.new
	mv forms/putusan_isi.csv.new forms/putusan_isi.csv
# The full region list, from npm; never part of a build or a test.
wilayah:
	@sh tests/wilayah.sh .build/wilayah.csv
clean:
	rm -rf .build
.PHONY: all messages dict konflik test schedules forms-check asan crash fuzz fuzz-run bench bench-run run check format deps install clean \
	need-build need-test need-check
.SECONDARY:
