/* SPDX-License-Identifier: MIT */
/*
 * What somebody waits for who starts in the morning: sessions on a store whose
 * file is in no cache, from opening it to the keys of a search, each in a
 * process of its own. The store is that of bench_search.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pilar/search.h"

#include "../lib/census.h"
#include "../lib/measure.h"
#include "../lib/names.h"

#define COLD      30 /* sessions of each kind */
#define COLD_KEYS 48
#define STARTS    3000 /* questions a session may start at */

static struct census census;

/* What the issue asks for: of 12,500 households and of 1,000,000. A row with
 * "(bar)" has it as its floor. */
struct bars {
	double cold_ms, open_ms, mb;
};
static const struct bars small = { 0, 5, 10 };
static const struct bars large = { 6, 20, 10 };

static const struct bars *bars(void)
{
	return census_large(&census) ? &large : &small;
}

static size_t anonymous_kb(void)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[200];
	size_t kb = 0;

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "RssAnon: %zu", &kb) == 1)
			break;
	if (f)
		fclose(f);
	return kb;
}

/* What is typed in a session whose file was in no cache: at once, or after the
 * home screen had the time it takes to ask for what leads to the pages. */
enum typing { AT_ONCE, READY, LETTERS, TYPINGS };
static const struct {
	const char *name;
	enum asked what;
	size_t keys;
	bool ready;
} typings[TYPINGS] = {
	[AT_ONCE] = { "ten whole names at once", WHOLE, 10, false },
	[READY] = { "ten whole names", WHOLE, 10, true },
	[LETTERS] = { "three names key by key", TYPED, COLD_KEYS, true },
};

/* Of a session; in ms. */
struct opened {
	double page, cold_open, ready, cold[COLD_KEYS], open, first;
	size_t kb;
};

/* Gives what one read of a page then takes, from anywhere in the file: what is
 * waited for is a number of these. */
static double drop_cache(struct rng *r)
{
	char path[256], page[4096];
	off_t pages;
	double start;
	int fd;

	snprintf(path, sizeof(path), "%s/data.mdb", census.w.dir);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	must(fd < 0, "data.mdb");
	fsync(fd);
	pages = lseek(fd, 0, SEEK_END) / (off_t)sizeof(page);
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);
	start = now_us();
	must(pread(fd, page, sizeof(page),
		   (off_t)draw(r, (uint32_t)pages) * (off_t)sizeof(page)) !=
		     sizeof(page),
	     "page");
	close(fd);
	return ms_since(start);
}

/* From nothing to the list of all, where somebody types a name. */
static double open_list(struct arena *a)
{
	double start = now_us();

	world_open(&census.w);
	key(&census, "", a);
	return ms_since(start);
}

/* As the screens do while nobody types. */
static double get_ready(void)
{
	double start = now_us();

	while (cases_search_prepare(census.w.cases))
		(void)poll(NULL, 0, 1);
	return ms_since(start);
}

/* A first session on a machine, the memory of a longer one, and the next. */
static void session(struct rng *r, enum typing how, struct opened *o)
{
	struct arena a = { 0 };
	char text[256];
	size_t before = anonymous_kb(), i = draw(r, STARTS);
	/* Names far apart, or the letters of names that follow. */
	size_t apart = typings[how].what == WHOLE ? 137 : 1;
	double start;

	o->page = drop_cache(r);
	o->cold_open = open_list(&a);
	o->ready = typings[how].ready ? get_ready() : 0;
	for (size_t n = 0; n < typings[how].keys; n++) {
		question(&census, typings[how].what,
			 i * TYPED_LETTERS + n * apart, text);
		o->cold[n] = key(&census, text, &a).wall / 1e3;
	}
	for (size_t n = 0; n < 300; n++) {
		question(&census, TYPED, n, text);
		key(&census, text, &a);
		arena_reset(&a);
	}
	o->kb = anonymous_kb() - before;
	world_close(&census.w);
	start = now_us();
	world_open(&census.w);
	o->open = ms_since(start);
	key(&census, "s", &a);
	o->first = ms_since(start);
	arena_release(&a);
}

/* In a process of its own: this program on the store of PILAR_BENCH_SESSION. */
static int be_session(const char *dir, const char *how)
{
	struct opened o = { 0 };
	struct rng r;

	census_join(&census, dir);
	world_close(&census.w);
	sys_real()->random(sys_real()->self, &r.s, sizeof(r.s));
	session(&r, how ? (enum typing)strtoul(how, NULL, 10) : AT_ONCE, &o);
	printf("%f %f %f %f %f %zu\n", o.page, o.cold_open, o.ready, o.open,
	       o.first, o.kb);
	for (size_t n = 0; n < COLD_KEYS; n++)
		printf("%f\n", o.cold[n]);
	census_end(&census);
	return 0;
}

static void run_session(const char *self, enum typing how, struct opened *o)
{
	char number[12];
	FILE *f;

	snprintf(number, sizeof(number), "%d", (int)how);
	must(setenv("PILAR_BENCH_TYPING", number, 1), "setenv");
	must(setenv("PILAR_BENCH_SESSION", census.w.dir, 1), "setenv");
	f = popen(self, "r");
	must(!f, "popen");
	must(fscanf(f, "%lf %lf %lf %lf %lf %zu", &o->page, &o->cold_open,
		    &o->ready, &o->open, &o->first, &o->kb) != 6,
	     "session");
	for (size_t n = 0; n < COLD_KEYS; n++)
		must(fscanf(f, "%lf", &o->cold[n]) != 1, "session's keys");
	must(pclose(f), "session's end");
}

struct sessions {
	double page[COLD], cold_open[COLD], ready[COLD], opened[COLD],
		first[COLD], keys[COLD * COLD_KEYS];
	size_t kb;
};

/* What does not depend on what is typed. */
static void show_opening(struct sessions *s)
{
	row("search: store opened, p50 (bar)", at_rank(s->opened, COLD, 50),
	    "ms", bars()->open_ms);
	row("search: store opened to first hits, p50 (bar)",
	    at_rank(s->first, COLD, 50), "ms", bars()->open_ms);
	row("search: memory of a session (bar)", (double)s->kb / 1024, "MB",
	    bars()->mb);
	row("search: cache dropped, one page of the file read, p50",
	    at_rank(s->page, COLD, 50), "ms", 0);
	row("search: store opened to its list, cache dropped, p50 (bar)",
	    at_rank(s->cold_open, COLD, 50), "ms", bars()->open_ms);
	row("search: made ready while nobody types, p50",
	    at_rank(s->ready, COLD, 50), "ms", 0);
}

static void bench_typing(const char *self, enum typing how, struct sessions *s)
{
	static const size_t ranks[] = { 50, 90, 99 };
	size_t n = typings[how].keys;
	char name[80];

	s->kb = 0;
	for (size_t i = 0; i < COLD; i++) {
		struct opened o = { 0 };

		run_session(self, how, &o);
		s->page[i] = o.page;
		s->cold_open[i] = o.cold_open;
		s->ready[i] = o.ready;
		s->opened[i] = o.open;
		s->first[i] = o.first;
		s->kb = o.kb > s->kb ? o.kb : s->kb;
		memcpy(s->keys + i * n, o.cold, n * sizeof(*o.cold));
	}
	if (how == READY)
		show_opening(s);
	for (size_t i = 0; i < ARRAY_LEN(ranks); i++) {
		snprintf(name, sizeof(name), "search: %s then, p%zu (bar)",
			 typings[how].name, ranks[i]);
		row(name, at_rank(s->keys, COLD * n, ranks[i]), "ms",
		    bars()->cold_ms);
	}
}

static void bench_sessions(const char *self)
{
	static struct sessions s;

	world_close(&census.w);
	for (int how = 0; how < TYPINGS; how++)
		bench_typing(self, (enum typing)how, &s);
	world_open(&census.w);
}

int main(int argc, char **argv)
{
	const char *session_of = getenv("PILAR_BENCH_SESSION");

	if (argc && session_of)
		return be_session(session_of, getenv("PILAR_BENCH_TYPING"));
	census_begin(&census);
	bench_sessions(argv[0]);
	census_end(&census);
	return 0;
}
