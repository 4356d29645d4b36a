/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pilar/file.h"
#include "pilar/lists.h"
#include "pilar/session.h"

#include "../lib/measure.h"

/*
 * Synthetic forms of ../shared/tools/genform.py: what loading costs, and how
 * many expressions one answer evaluates in what time. The floor of a load is
 * reading the form as XML; of an answer, the expressions that must be looked
 * at, at FLOOR_NS each.
 */
#define GENERATOR "../shared/tools/genform.py"
#define DIR       ".build/genform"
#define FLOOR_NS  50.0
#define ANSWERS   40

struct row {
	const char *name, *args; /* of the generator */
	const char *ref;         /* the answer goes here */
	const char *values[2];   /* in turns */
};

static const struct row rows[] = {
	{ "local-500", "local 500", "/data/g1/q3", { "7", "8" } },
	{ "local-5000", "local 5000", "/data/g1/q3", { "7", "8" } },
	{ "chain-500", "chain 500", "/data/q1", { "7", "8" } },
	{ "chain-5000", "chain 5000", "/data/q1", { "7", "8" } },
	{ "repeat-200", "repeat 200", "/data/row[100]/price", { "5", "6" } },
	{ "repeat-5000", "repeat 5000", "/data/row[100]/price", { "5", "6" } },
	{ "pmks-8", "pmks 8", "/data/p4/k12", { "1", "0" } },
};

static void line(const char *form, const char *what, double value,
		 const char *unit, double floor)
{
	char name[80];

	snprintf(name, sizeof(name), "form %s %s", form, what);
	row(name, value, unit, floor);
}

static double cpu_ms(double start)
{
	return (cpu_us() - start) / 1e3;
}

static bool generate(const struct row *r, const char *path)
{
	char command[400];

	snprintf(command, sizeof(command), "python3 %s %s > %s", GENERATOR,
		 r->args, path);
	return system(command) == 0;
}

static double floor_of_load(struct str xml)
{
	struct tree *t = NULL;
	double start = cpu_us();

	if (tree_parse(&t, xml, "bench", NULL))
		return 0;
	start = cpu_ms(start);
	tree_free(t);
	return start;
}

struct world {
	struct lists *lists;
	struct form *form;
	struct session *session;
	struct report rep;
	struct buf xml;
};

static bool load(struct world *w, const char *path)
{
	struct form_options opt = { .name = path };

	w->xml = BUF_INIT(TREE_MAX_BYTES);
	if (dir_lists_new(&w->lists, DIR) || file_read(path, &w->xml))
		return false;
	opt.lists = w->lists;
	return !form_new(&w->form, buf_str(&w->xml), &opt, &w->rep) &&
	       !session_new(&w->session, w->form, NULL);
}

static void unload(struct world *w)
{
	session_free(w->session);
	form_free(w->form);
	dir_lists_free(w->lists);
	report_release(&w->rep);
	buf_release(&w->xml);
}

static bool answers(struct world *w, const struct row *r)
{
	struct ref ref = session_find(w->session, str_from(r->ref));
	struct changes c = { 0 };
	uint64_t before = session_evaluations(w->session);
	double start = cpu_us(), count;
	bool ok = ref.node != NULL;

	for (int i = 0; i < ANSWERS && ok; i++)
		ok = !session_answer(w->session, ref,
				     str_from(r->values[i % 2]), &c);
	start = cpu_ms(start) / ANSWERS;
	count = (double)(session_evaluations(w->session) - before) / ANSWERS;
	line(r->name, "evaluations an answer", count, "expr", 0);
	line(r->name, "answer", start * 1e3, "us", count * FLOOR_NS / 1e3);
	changes_release(&c);
	return ok;
}

static bool bench(const struct row *r)
{
	struct world w = { 0 };
	char path[200];
	double start;
	bool ok;

	snprintf(path, sizeof(path), DIR "/%s.xml", r->name);
	if (!generate(r, path))
		return false;
	start = cpu_us();
	ok = load(&w, path);
	start = cpu_ms(start);
	line(r->name, "load", start, "ms", floor_of_load(buf_str(&w.xml)));
	if (ok)
		line(r->name, "expressions",
		     (double)form_expression_count(w.form), "expr", 0);
	ok = ok && answers(&w, r);
	unload(&w);
	return ok;
}

/*
 * ---- how the cost of an answer grows: ten answers on the short chain and one
 * on the long one by turns, so that both meet the same machine
 */
#define ROUNDS 61
#define LONGER 10

static const struct row chains[2] = {
	{ "chain-500", "chain 500", "/data/q1", { "7", "8" } },
	{ "chain-5000", "chain 5000", "/data/q1", { "7", "8" } },
};

/* Microseconds an answer, over `n` of them; negative: it failed. */
static double timed(struct world *w, const struct row *r, struct changes *c,
		    int n)
{
	struct ref ref = session_find(w->session, str_from(r->ref));
	double start = cpu_us();

	for (int i = 0; i < n; i++) {
		struct str now = session_value(w->session, ref);
		const char *next = r->values[str_is(now, r->values[0])];

		if (session_answer(w->session, ref, str_from(next), c))
			return -1;
	}
	return cpu_ms(start) / n * 1e3;
}

static bool bench_chains(void)
{
	static double us[2][ROUNDS], ratio[ROUNDS];
	struct changes c[2] = { 0 };
	struct world w[2] = { 0 };
	bool ok = true;

	for (int k = 0; k < 2 && ok; k++) {
		char path[200];

		snprintf(path, sizeof(path), DIR "/%s.xml", chains[k].name);
		ok = generate(&chains[k], path) && load(&w[k], path);
	}
	for (int i = 0; i < ROUNDS && ok; i++) {
		us[0][i] = timed(&w[0], &chains[0], &c[0], LONGER);
		us[1][i] = timed(&w[1], &chains[1], &c[1], 1);
		ratio[i] = us[1][i] / us[0][i];
		ok = us[0][i] > 0 && us[1][i] > 0;
	}
	line("chain-500", "answer, median", at_rank(us[0], ROUNDS, 50), "us",
	     0);
	line("chain-5000", "answer, median", at_rank(us[1], ROUNDS, 50), "us",
	     0);
	line("chain-5000", "answer to chain-500", at_rank(ratio, ROUNDS, 50),
	     "times", LONGER);
	for (int k = 0; k < 2; k++) {
		changes_release(&c[k]);
		unload(&w[k]);
	}
	return ok;
}

/* ---- the four-step picker of all 83,762 villages */

static bool pick(struct world *w, const char *ref, struct arena *a)
{
	struct ref r = session_find(w->session, str_from(ref));
	const struct choice *c;
	size_t n;

	return r.node && !session_choices(w->session, r, a, &c, &n) && n &&
	       !session_answer(w->session, r, c[n / 2].value, NULL);
}

static bool bench_wilayah(void)
{
	static const char *const refs[] = { "/data/prov", "/data/kab",
					    "/data/kec", "/data/desa" };
	const struct row r = { .name = "wilayah", .args = "wilayah " DIR };
	struct world w = { 0 };
	struct arena a = { 0 };
	double start;
	bool ok = generate(&r, DIR "/wilayah.xml");

	start = cpu_us();
	ok = ok && load(&w, DIR "/wilayah.xml");
	line(r.name, "load", cpu_ms(start), "ms", 0);
	for (int round = 0; round < 2 && ok; round++) {
		start = cpu_us();
		for (size_t i = 0; i < 4 && ok; i++)
			ok = pick(&w, refs[i], &a);
		line(r.name, round ? "choose, then" : "choose, first",
		     cpu_ms(start) / 4, "ms", 0);
		arena_reset(&a);
	}
	arena_release(&a);
	unload(&w);
	return ok;
}

int main(void)
{
	bool ok = true;

	if (access(GENERATOR, R_OK)) {
		printf("bench_form: %s is not here, skipped\n", GENERATOR);
		return 0;
	}
	if (dir_make(DIR))
		return 1;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && ok; i++)
		ok = bench(&rows[i]);
	return ok && bench_chains() && bench_wilayah() ? 0 : 1;
}
