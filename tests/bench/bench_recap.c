/* SPDX-License-Identifier: MIT */
/*
 * How long a recap, a report, a list and a letter take, and in how much
 * memory, on 12,500 households with 50,000 persons and 100,000 submissions:
 * the demo store copied over and over under other ids and numbers. The floor
 * of time is the second after which a person wonders, that of memory what is
 * left on an old laptop. PILAR_BENCH_STORE keeps the store and takes it again.
 */
#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "pilar/cases.h"
#include "pilar/vec.h"

#include "../lib/measure.h"

#define COPIES      56
#define SUBMISSIONS 100000
#define BATCH       256
#define NUMBER_LEN  16 /* digits of a number of identity */
#define FLOOR_MS    1000.0
#define FLOOR_MB    256.0

struct told {
	struct str form, version, xml;
	int64_t at;
};

static char folder[] = "/var/tmp/pilar-bench-recap-XXXXXX";
static char dir[256];
static struct report report;

static struct {
	struct store *store;
	struct cases *cases;
	struct arena arena;
	VEC(struct told) told;
	struct submission batch[BATCH];
	struct arena texts; /* of the batch */
	size_t waiting, made;
} d;

static const char *program(void)
{
	const char *pilar = getenv("PILAR");

	return pilar ? pilar : ".build/pilar";
}

/* ---- the same life again, of other people */
static void other_digits(char *at, unsigned copy)
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < 4; i++) {
		char *c = &at[i];
		unsigned v = (unsigned)(strchr(digits, *c) - digits);

		*c = digits[(v ^ (copy >> (4 * i))) & 15];
	}
}

static void other_number(char *number, unsigned copy)
{
	char last[5] = { 0 };

	memcpy(last, number + NUMBER_LEN - 4, 4);
	snprintf(last, sizeof(last), "%04lu",
		 (strtoul(last, NULL, 10) + copy * 173ul) % 9999 + 1);
	memcpy(number + NUMBER_LEN - 4, last, 4);
}

static size_t digits_at(const char *p)
{
	size_t n = 0;

	while (isdigit((unsigned char)p[n]))
		n++;
	return n;
}

/* Ids and numbers of identity, wherever they stand. */
static struct str rewrite(struct str xml, unsigned copy, struct arena *a)
{
	char *text = arena_cstr(a, xml);

	must(!text, "memory");
	for (size_t i = 0; i + UUID_LEN <= xml.n; i++) {
		size_t n = digits_at(text + i);
		uint8_t id[16];

		if (text[i + 8] == '-' && text[i + 13] == '-' &&
		    !uuid_from_text(str_of(text + i, UUID_LEN), id)) {
			other_digits(text + i + 24, copy);
			i += UUID_LEN - 1;
		} else if (n == NUMBER_LEN) {
			other_number(text + i, copy);
		}
		if (n)
			i += n - 1;
	}
	return str_of(text, xml.n);
}

static void flush(void)
{
	if (d.waiting)
		must_told(
			cases_submit_all(d.cases, d.batch, d.waiting, &report),
			"submit", &report);
	d.made += d.waiting;
	d.waiting = 0;
	report_release(&report);
	arena_reset(&d.texts);
}

static void tell(const struct told *t, struct str xml)
{
	size_t at = str_find(xml, STR("uuid:"), 0);

	must(at == SIZE_MAX, "instanceID");
	d.batch[d.waiting++] = (struct submission){
		.form_id = t->form,
		.form_version = t->version,
		.instance_id = str_sub(xml, at, at + 5 + UUID_LEN),
		.xml = xml,
		.at = t->at,
	};
	if (d.waiting == BATCH)
		flush();
}

static enum err keep(void *arg, const struct event *e)
{
	struct told *t = vec_push(&d.told);

	(void)arg;
	must(!t, "memory");
	*t = (struct told){ arena_dup(&d.arena, e->form_id),
			    arena_dup(&d.arena, e->form_version),
			    arena_dup(&d.arena, e->xml), e->at };
	return ERR_NONE;
}

/* The households of the copy are visited again: only that submission is new. */
static void visit_again(unsigned copy)
{
	for (size_t i = 0; i < d.told.n && d.made < SUBMISSIONS; i++) {
		struct told *t = &d.told.at[i];
		struct str xml;
		size_t at;

		if (!str_is(t->form, "kunjungan"))
			continue;
		xml = arena_dup(&d.texts,
				rewrite(t->xml, copy % COPIES, &d.texts));
		at = str_find(xml, STR("uuid:"), 0);
		other_digits((char *)(uintptr_t)xml.p + at + 5, 1 + copy);
		tell(t, xml);
	}
}

static void make_store(void)
{
	struct store_open how = { .dir = dir, .sys = sys_real() };
	char line[600];
	double begun = now_us();

	snprintf(line, sizeof(line), "%s --store %s demo >/dev/null", program(),
		 dir);
	must(system(line), line);
	must_told(store_open(&d.store, &how, &report), "store", &report);
	must_told(cases_open(&d.cases, d.store, sys_real(), STR(""), &report),
		  "cases", &report);
	must(cases_each_event(d.cases, STR(""), keep, NULL), "events");
	d.made = d.told.n;
	for (unsigned copy = 1; copy < COPIES; copy++)
		for (size_t i = 0; i < d.told.n; i++)
			tell(&d.told.at[i],
			     rewrite(d.told.at[i].xml, copy, &d.texts));
	for (unsigned copy = 0; d.made < SUBMISSIONS; copy++)
		visit_again(copy);
	flush();
	printf("# %zu submissions, %zu + %zu entities, %zu MB, in %.0f s\n",
	       d.made, cases_count(d.cases, STR("keluarga")),
	       cases_count(d.cases, STR("orang")),
	       store_file_size(d.store) >> 20, ms_since(begun) / 1e3);
	cases_close(d.cases);
	store_close(d.store);
	arena_release(&d.arena);
	arena_release(&d.texts);
	vec_release(&d.told);
}

/* ---- as a person asks for it */
struct cost {
	double ms, mb;
};

/* Memory of its own: the mapped file is the system's to give and take. */
static double own_mb(pid_t child)
{
	char path[64], line[200];
	double kb = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)child);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, "RssAnon:", 8) == 0)
			kb = strtod(line + 8, NULL);
	if (f)
		fclose(f);
	return kb / 1024;
}

static pid_t start(const char *const *words)
{
	const char *argv[20] = { program(), "--store", dir };
	int n = 3;
	pid_t child;

	while (*words)
		argv[n++] = *words++;
	child = fork();
	if (child == 0) {
		int null = open("/dev/null", O_WRONLY);

		dup2(null, STDOUT_FILENO);
		execv(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	return child;
}

/* Of the process: what others do on this machine is left out. */
static struct cost run(const char *const *words)
{
	const struct timespec moment = { .tv_nsec = 2000000 };
	struct cost cost = { 0, 0 };
	pid_t child = start(words), done = 0;
	struct rusage used;
	int status = 0;

	while (child > 0 && !(done = wait4(child, &status, WNOHANG, &used))) {
		double mb = own_mb(child);

		if (mb > cost.mb)
			cost.mb = mb;
		nanosleep(&moment, NULL);
	}
	must(done <= 0 || status, words[1]);
	cost.ms = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 +
		  (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
	return cost;
}

static void bench(const char *name, const char *const *words)
{
	struct cost best = run(words), again = run(words);
	char line[80];

	if (again.ms < best.ms)
		best.ms = again.ms;
	snprintf(line, sizeof(line), "recap: %s", name);
	row(line, best.ms, "ms", FLOOR_MS);
	snprintf(line, sizeof(line), "recap: %s, memory", name);
	row(line, best.mb, "MB", FLOOR_MB);
}

int main(void)
{
	static const struct {
		const char *name, *words[8];
	} asked[] = {
		{ "types by village", { "recap", "pmks" } },
		{ "movement of a month",
		  { "recap", "gerak", "--month", "2026-08" } },
		{ "movement by village",
		  { "recap", "gerak", "--by", "desa", "--month", "2026-08" } },
		{ "services", { "recap", "layanan" } },
		{ "households of a type", { "recap", "pmks_keluarga" } },
		{ "records by worker", { "recap", "kinerja" } },
		{ "quality of persons", { "recap", "mutu_orang" } },
		{ "quality of households", { "recap", "mutu_keluarga" } },
		{ "list by name", { "recap", "bnba", "--csv", "-" } },
		{ "monthly report",
		  { "recap", "bulanan", "--month", "2026-08" } },
	};
	const char *kept = getenv("PILAR_BENCH_STORE");

	must(!mkdtemp(folder), "mkdtemp");
	snprintf(dir, sizeof(dir), "%s", kept ? kept : folder);
	if (!kept)
		snprintf(dir, sizeof(dir), "%s/store", folder);
	if (!kept || access(kept, F_OK))
		make_store();
	for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++)
		bench(asked[i].name, asked[i].words);
	if (!kept) {
		char line[300];

		snprintf(line, sizeof(line), "rm -rf %s", folder);
		must(system(line), line);
	}
	rmdir(folder);
	return 0;
}
