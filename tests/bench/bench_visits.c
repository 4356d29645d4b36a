/* SPDX-License-Identifier: MIT */
/*
 * Household visits as offices get them (2.6 kB, four members): two processes
 * that save at once beside one alone, and 10,000 of them exported beside tar
 * and zstd of the same tree.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pilar/cases.h"
#include "pilar/file.h"
#include "pilar/sync.h"

#include "../lib/measure.h"

#define GENERATOR    "../shared/tools/gensub.py"
#define FORM_ID      "kunjungan_rumah"
#define FORM_VERSION "2026030101"
#define EXPORTED     10000
#define SAVES        500 /* of each process */
#define VISITS       (EXPORTED + 3 * SAVES)
#define AT_ONCE      500 /* visits in one transaction of the bulk */
#define ROUNDS       3

static char folder[] = "/var/tmp/pilar-bench-XXXXXX";
static struct report report;

struct visits {
	struct arena arena;
	struct submission *at;
	size_t n;
};

static void run(const char *line)
{
	must(system(line), line);
}

/* ---- the visits */
static int is_visit(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static struct str read_xml(struct visits *v, const char *id)
{
	struct buf b = BUF_INIT((size_t)1 << 20);
	char path[400];
	struct str xml;

	snprintf(path, sizeof(path), "%s/tree/%s/submission.xml", folder, id);
	must(file_read(path, &b), path);
	xml = arena_dup(&v->arena, buf_str(&b));
	buf_release(&b);
	return xml;
}

static void read_visits(struct visits *v)
{
	struct dirent **names;
	char path[100];
	int n;

	snprintf(path, sizeof(path), "%s/tree", folder);
	n = scandir(path, &names, is_visit, alphasort);
	must(n != VISITS, "visits");
	v->at = calloc((size_t)n, sizeof(*v->at));
	must(!v->at, "memory");
	for (int i = 0; i < n; i++) {
		v->at[v->n++] = (struct submission){
			/* the folder has it without the colon */
			.instance_id = arena_printf(&v->arena, "uuid:%s",
						    names[i]->d_name + 4),
			.form_id = STR(FORM_ID),
			.form_version = STR(FORM_VERSION),
			.xml = read_xml(v, names[i]->d_name),
		};
		free(names[i]);
	}
	free(names);
}

/* ---- a store */
struct opened {
	struct store *st;
	struct cases *c;
};

static void opened(struct opened *o, const char *name)
{
	char dir[200];
	struct store_open how = { .dir = dir, .sys = sys_real() };

	snprintf(dir, sizeof(dir), "%s/%s", folder, name);
	must_told(store_open(&o->st, &how, &report), "store", &report);
	must_told(cases_open(&o->c, o->st, sys_real(), STR(""), &report),
		  "cases", &report);
}

static void closed(struct opened *o)
{
	cases_close(o->c);
	store_close(o->st);
}

/* As much of the generator's form as a store wants to know. */
static const char form[] =
	"<h:html xmlns=\"http://www.w3.org/2002/xforms\""
	" xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:head><h:title>Kunjungan"
	"</h:title><model><instance><data id=\"" FORM_ID
	"\" version=\"" FORM_VERSION
	"\"><catatan/><meta><instanceID/></meta></data></instance>"
	"<bind nodeset=\"/data/catatan\" type=\"string\"/></model></h:head>"
	"<h:body><input ref=\"/data/catatan\"><label>Catatan</label></input>"
	"</h:body></h:html>";

static void store_make(const char *name)
{
	const char *pilar = getenv("PILAR");
	struct opened o;
	char line[500];

	snprintf(line, sizeof(line),
		 "%s --store %s/%s init --code dewi --name Dewi --yes "
		 ">/dev/null 2>&1",
		 pilar ? pilar : ".build/pilar", folder, name);
	run(line);
	opened(&o, name);
	must_told(cases_form_add(o.c, str_from(form), "form", &report), "form",
		  &report);
	closed(&o);
}

/* ---- saving at once */
/* Saves them one by one; how long each took goes to `out`. */
static void save(const char *name, const struct submission *at, int out)
{
	double took[SAVES];
	struct opened o;

	opened(&o, name);
	for (size_t i = 0; i < SAVES; i++) {
		double start = now_us();

		must_told(cases_submit(o.c, &at[i], STR(""), &report), "submit",
			  &report);
		took[i] = ms_since(start);
	}
	closed(&o);
	must(write(out, took, sizeof(took)) != (ssize_t)sizeof(took), "pipe");
}

/* So many processes at once: the times of all of them. */
static size_t save_in(const char *name, const struct submission *at,
		      size_t processes, double *took)
{
	int ends[2];
	size_t n = 0;

	must(pipe(ends), "pipe");
	for (size_t i = 0; i < processes; i++) {
		pid_t child = fork();

		must(child < 0, "fork");
		if (child == 0) {
			save(name, at + i * SAVES, ends[1]);
			_exit(0);
		}
	}
	close(ends[1]);
	for (ssize_t got; n < processes * SAVES; n += (size_t)got / 8) {
		got = read(ends[0], took + n, sizeof(*took) * SAVES);
		must(got <= 0, "a process failed");
	}
	close(ends[0]);
	for (int status; wait(&status) > 0;)
		must(status, "a process failed");
	return n;
}

static size_t lost(const char *name, const struct submission *at, size_t n)
{
	size_t missing = 0;
	struct opened o;

	opened(&o, name);
	for (size_t i = 0; i < n; i++) {
		struct arena a = { 0 };
		struct event e;

		missing += cases_event(o.c, at[i].instance_id, &a, &e) ||
			   !str_eq(e.xml, at[i].xml);
		arena_release(&a);
	}
	closed(&o);
	return missing;
}

static void bench_two(const struct visits *v)
{
	const struct submission *at = v->at + EXPORTED;
	static double alone[SAVES], two[2 * SAVES];
	char name[80];
	size_t n;

	store_make("alone");
	n = save_in("alone", at, 1, alone);
	must(n != SAVES, "saves");
	store_make("two");
	n = save_in("two", at + SAVES, 2, two);
	row("two save at once, p50", at_rank(two, n, 50), "ms",
	    at_rank(alone, SAVES, 50));
	row("two save at once, p99", at_rank(two, n, 99), "ms",
	    at_rank(alone, SAVES, 99));
	snprintf(name, sizeof(name), "two save at once, lost of %zu", n);
	row(name, (double)lost("two", at + SAVES, n), "visits", 0);
}

/* ---- the export */
static double stock_ms(double *bytes)
{
	char command[500], path[100];
	struct buf b = BUF_INIT((size_t)64 << 20);
	double start = now_us();

	snprintf(command, sizeof(command),
		 "cd %s/tree && tar --format=ustar --mtime=@0 --owner=0 "
		 "--group=0 -cf - */submission.xml | zstd -9 -q -c >../stock",
		 folder);
	must(system(command), "tar | zstd");
	start = ms_since(start);
	snprintf(path, sizeof(path), "%s/stock", folder);
	must(file_read(path, &b), path);
	*bytes = (double)b.n;
	buf_release(&b);
	return start;
}

static void bench_export(const struct visits *v)
{
	struct arena a = { 0 };
	struct sync_export how = { .folder = str_from(folder) };
	struct sync_result r;
	struct opened o;
	double ours, theirs = 0, bytes = 0;

	store_make("export");
	opened(&o, "export");
	for (size_t i = 0; i < EXPORTED; i += AT_ONCE)
		must_told(cases_submit_all(o.c, v->at + i, AT_ONCE, &report),
			  "bulk", &report);
	ours = now_us();
	must_told(sync_export(o.c, &how, &a, &r, &report), "export", &report);
	ours = ms_since(ours);
	must(r.events != EXPORTED, "events");
	/* the tree without what was only saved */
	for (size_t i = EXPORTED; i < v->n; i++) {
		char path[400];

		snprintf(path, sizeof(path), "%s/tree/uuid%.36s/submission.xml",
			 folder, v->at[i].instance_id.p + 5);
		must(unlink(path), path);
	}
	for (int i = 0; i < ROUNDS; i++) {
		double ms = stock_ms(&bytes);

		theirs = !i || ms < theirs ? ms : theirs;
	}
	row("10,000 visits exported", ours / 1e3, "s", theirs / 1e3);
	row("10,000 visits exported, a visit", (double)r.bytes / EXPORTED, "B",
	    bytes / EXPORTED);
	closed(&o);
	arena_release(&a);
}

int main(void)
{
	struct visits v = { .at = NULL };
	char line[200];

	if (access(GENERATOR, R_OK)) {
		printf("bench_visits: %s is not here, skipped\n", GENERATOR);
		return 0;
	}
	must(!mkdtemp(folder), "mkdtemp");
	snprintf(line, sizeof(line),
		 "/usr/bin/python3 " GENERATOR " %d %s/tree >/dev/null", VISITS,
		 folder);
	run(line);
	read_visits(&v);
	bench_two(&v);
	bench_export(&v);
	free(v.at);
	arena_release(&v.arena);
	snprintf(line, sizeof(line), "rm -r %s", folder);
	run(line);
	return 0;
}
