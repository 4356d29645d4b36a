/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/cases/verdict.h"
#include "../lib/expect.h"

/*
 * Conflicts as ODK Central finds them. The model below keeps every version of
 * an entity as a server does (its base, its branch, all its data) and asks of
 * it what Central's database is asked; the program keeps counters. Both must
 * say the same of every history.
 */

#define OPS_MAX 16
#define PROPS   3 /* a, b, c */
#define NOTHING (-1)
#define ABSENT  '-'

/* What one operation gives: letters of properties with one sign each. */
struct op {
	char who; /* A, B, C: devices */
	int saw;  /* the operation its author had seen last */
	/* "a1 b2 L3"; "a_" is a saved blank; L a label; S! a person's decision
	 * of what is in conflict. */
	const char *changes;
};

/* ---- Central */
struct version {
	size_t branch, trunk; /* trunk 0: the branch began with a create */
	char data[PROPS], label;
};

struct server {
	struct version at[OPS_MAX + 1]; /* from 1 */
	size_t n;
	enum entity_conflict conflict;
};

static void merge_in(struct version *v, const char *changes)
{
	for (const char *p = changes; *p; p += p[2] ? 3 : 2)
		if (*p == 'L')
			v->label = p[1];
		else if (*p != 'S')
			v->data[*p - 'a'] = p[1];
}

/* Is a property that was received another one than it has become since? */
static bool overlaps(const struct version *now, const struct version *base,
		     const char *changes)
{
	for (const char *p = changes; *p; p += p[2] ? 3 : 2) {
		char here, then;

		if (*p == 'S')
			continue;
		here = *p == 'L' ? now->label : now->data[*p - 'a'];
		then = *p == 'L' ? base->label : base->data[*p - 'a'];
		if (here != then && here != p[1])
			return true;
	}
	return false;
}

static bool interrupted(const struct server *s, const struct version *mine)
{
	for (size_t i = (mine->trunk ? mine->trunk : 1) + 1; i <= s->n; i++)
		if (s->at[i].branch != mine->branch)
			return true;
	return false;
}

/* An update made on version `base` (0: this is the create). */
static void serve(struct server *s, const char *changes, size_t base,
		  bool same_device, size_t number)
{
	struct version *now = &s->at[s->n], *next = &s->at[s->n + 1];
	enum entity_conflict found = CONFLICT_NONE;

	if (base) {
		*next = *now;
		next->branch = same_device ? s->at[base].branch : number;
		next->trunk = same_device ? s->at[base].trunk : base;
		if (base != s->n)
			found = overlaps(now, &s->at[base], changes)
					? CONFLICT_HARD
					: CONFLICT_SOFT;
		else if (interrupted(s, next))
			found = CONFLICT_SOFT;
	} else {
		*next = (struct version){ .branch = number, .label = ABSENT };
		memset(next->data, ABSENT, sizeof(next->data));
	}
	merge_in(next, changes);
	s->n++;
	if (found > s->conflict) /* hard is never made soft again */
		s->conflict = found;
}

/* ---- the program */
struct history {
	const struct op *ops;
	size_t n;
	struct row rows[OPS_MAX];
	struct deed deeds[OPS_MAX];
	struct entity_prop props[OPS_MAX][PROPS];
	struct arena arena;
};

static struct str letter(struct history *h, char c)
{
	return arena_printf(&h->arena, "%c", c);
}

static struct stamp stamp_of(const struct history *h, size_t i)
{
	struct stamp s = { .seq = i + 1 };

	s.device.b[0] = (uint8_t)h->ops[i].who;
	return s;
}

static void give(struct history *h, size_t i)
{
	struct entity_op *op = &h->deeds[i].op;

	for (const char *p = h->ops[i].changes; *p; p += p[2] ? 3 : 2) {
		struct entity_prop *one = &h->props[i][op->n_props];

		if (*p == 'L')
			op->label = letter(h, p[1]);
		if (*p == 'L' || *p == 'S')
			continue;
		one->name = letter(h, *p);
		one->value = letter(h, p[1]);
		if (p[1] == '_')
			one->value.n = 0;
		op->n_props++;
	}
	op->props = h->props[i];
}

static void make_rows(struct history *h)
{
	for (size_t i = 0; i < h->n; i++) {
		struct row *r = &h->rows[i];

		h->deeds[i] = (struct deed){
			.op = { .verb = i ? ENTITY_UPDATE : ENTITY_CREATE,
				.dataset = STR("rumah") }
		};
		give(h, i);
		*r = (struct row){ .stamp = stamp_of(h, i),
				   .deeds = &h->deeds[i],
				   .n_deeds = 1 };
		if (h->ops[i].saw >= 0)
			r->seen = stamp_of(h, (size_t)h->ops[i].saw);
	}
	ok(rows_sort(h->rows, h->n, &h->arena));
}

/* Both, step by step, in canonical order; the last verdict. */
static enum entity_conflict judge(struct history *h)
{
	struct state s = { .dataset = STR("rumah") };
	struct server server = { .n = 0 };
	size_t version_of[OPS_MAX] = { 0 };
	struct verdicts v;

	make_rows(h);
	ok(verdicts_init(&v, h->n, &h->arena));
	for (size_t i = 0; i < h->n; i++) {
		struct row *r = &h->rows[i];
		size_t number = (size_t)r->stamp.seq - 1;
		const struct op *op = &h->ops[number];
		bool same = op->saw >= 0 && h->ops[op->saw].who == op->who;
		enum applied how;

		r->decides = strchr(op->changes, 'S') != NULL;
		r->claimed = s.version;
		verdict_before(&v, &s, r);
		ok(state_apply(&s, r, r->deeds, &h->arena, &how));
		assert_int_equal(how, APPLIED);
		verdict_after(&v, &s, r);
		serve(&server, op->changes,
		      op->saw >= 0 ? version_of[op->saw] : 0, same, number);
		version_of[number] = server.n;
		if (r->decides)
			server.conflict = CONFLICT_NONE;
		assert_int_equal(s.version, server.n);
		assert_int_equal(s.conflict, server.conflict);
	}
	return s.conflict;
}

/* ---- cases, each told in words */
static void each_case_is_what_central_says(void **state)
{
	static const struct {
		enum entity_conflict is;
		struct op ops[6];
	} all[] = {
		/* One after the other, by two who saw each other's. */
		{ CONFLICT_NONE,
		  { { 'A', NOTHING, "a1 b1" },
		    { 'B', 0, "a2" },
		    { 'A', 1, "a3" } } },
		/* Both on version 1: other properties. */
		{ CONFLICT_SOFT,
		  { { 'A', NOTHING, "a1 b1" },
		    { 'B', 0, "a2" },
		    { 'C', 0, "b2" } } },
		/* The same property, another value. */
		{ CONFLICT_HARD,
		  { { 'A', NOTHING, "a1" },
		    { 'B', 0, "a2" },
		    { 'C', 0, "a3" } } },
		/* The same property, the same value. */
		{ CONFLICT_SOFT,
		  { { 'A', NOTHING, "a1" },
		    { 'B', 0, "a2" },
		    { 'C', 0, "a2" } } },
		/* The one wrote what it had been: nothing changed since. */
		{ CONFLICT_SOFT,
		  { { 'A', NOTHING, "a1" },
		    { 'B', 0, "a1" },
		    { 'C', 0, "a3" } } },
		/* There and back again, meanwhile. */
		{ CONFLICT_SOFT,
		  { { 'A', NOTHING, "a1" },
		    { 'B', 0, "a2" },
		    { 'B', 1, "a1" },
		    { 'C', 0, "a3" } } },
		/* Labels count. */
		{ CONFLICT_HARD,
		  { { 'A', NOTHING, "a1 L1" },
		    { 'B', 0, "L2" },
		    { 'C', 0, "L3" } } },
		/* A label that is kept does not. */
		{ CONFLICT_SOFT,
		  { { 'A', NOTHING, "a1 L1" },
		    { 'B', 0, "L2" },
		    { 'C', 0, "b1" } } },
		/* A blank that was saved is a value, also a first one. */
		{ CONFLICT_HARD,
		  { { 'A', NOTHING, "a1" },
		    { 'B', 0, "a_" },
		    { 'C', 0, "a2" } } },
		{ CONFLICT_HARD,
		  { { 'A', NOTHING, "a1" },
		    { 'B', 0, "b_" },
		    { 'C', 0, "b2" } } },
		{ CONFLICT_SOFT,
		  { { 'A', NOTHING, "a1" },
		    { 'B', 0, "b_" },
		    { 'C', 0, "b_" } } },
		/* An offline chain that nobody interrupts. */
		{ CONFLICT_NONE,
		  { { 'A', NOTHING, "a1" },
		    { 'A', 0, "a2" },
		    { 'A', 1, "a3" },
		    { 'A', 2, "a4" } } },
		/* Another came first: all of the chain is on an old version,
		 * its first by the difference, the rest by the interruption. */
		{ CONFLICT_SOFT,
		  { { 'A', NOTHING, "a1 b1" },
		    { 'B', 0, "b2" },
		    { 'C', 0, "a2" },
		    { 'C', 2, "a3" } } },
		/* Settled, the branch is still one that was interrupted. */
		{ CONFLICT_SOFT,
		  { { 'A', NOTHING, "a1 b1" },
		    { 'B', 0, "b2" },
		    { 'C', 0, "a2" },
		    { 'C', 2, "a3 S!" },
		    { 'C', 3, "a4" } } },
		/* Another one's branch begins behind it. */
		{ CONFLICT_NONE,
		  { { 'A', NOTHING, "a1 b1" },
		    { 'B', 0, "b2" },
		    { 'C', 0, "a2" },
		    { 'A', 2, "a3 S!" },
		    { 'B', 3, "a4" } } },
		/* Hard stays hard when the next one alone would be soft. */
		{ CONFLICT_HARD,
		  { { 'A', NOTHING, "a1 b1" },
		    { 'B', 0, "a2" },
		    { 'C', 0, "a3" },
		    { 'C', 2, "b2" } } },
		/* Who saw the clash and goes on is not in conflict himself;
		 * what was found stays until a person decides. */
		{ CONFLICT_HARD,
		  { { 'A', NOTHING, "a1" },
		    { 'B', 0, "a2" },
		    { 'C', 0, "a3" },
		    { 'A', 2, "a4" } } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		struct history h = { .ops = all[i].ops };

		while (h.n < ARRAY_LEN(all[i].ops) && all[i].ops[h.n].who)
			h.n++;
		if (judge(&h) != all[i].is)
			fail_msg("case %zu", i);
		arena_release(&h.arena);
	}
}

/* ---- histories of chance */
struct chance {
	struct op ops[OPS_MAX];
	char texts[OPS_MAX][16];
	bool knows[3][OPS_MAX];
	uint32_t seed;
};

static uint32_t next(struct chance *c, uint32_t below)
{
	c->seed = c->seed * 1664525 + 1013904223;
	return (c->seed >> 16) % below;
}

/* The last one, in canonical order, of those that a device knows. */
static int last_known(const struct chance *c, size_t device, size_t n)
{
	struct history h = { .ops = c->ops };
	size_t known = 0;
	int last = NOTHING;

	for (size_t i = 0; i < n; i++) {
		if (!c->knows[device][i])
			continue;
		h.rows[known] = (struct row){ .stamp = stamp_of(&h, i) };
		if (c->ops[i].saw >= 0)
			h.rows[known].seen =
				stamp_of(&h, (size_t)c->ops[i].saw);
		known++;
	}
	ok(rows_sort(h.rows, known, &h.arena));
	if (known)
		last = (int)h.rows[known - 1].stamp.seq - 1;
	arena_release(&h.arena);
	return last;
}

static void exchange(struct chance *c)
{
	size_t from = next(c, 3), to = next(c, 3);

	for (size_t i = 0; i < OPS_MAX; i++)
		c->knows[to][i] = c->knows[to][i] || c->knows[from][i];
}

static const char *some_change(struct chance *c, size_t i)
{
	static const char signs[] = "12_";
	char *p = c->texts[i];

	for (size_t k = 0; k < PROPS; k++) {
		if (next(c, 3))
			continue;
		*p++ = (char)('a' + (char)k);
		*p++ = signs[next(c, 3)];
		*p++ = ' ';
	}
	*p++ = 'L';
	*p++ = signs[next(c, 2)];
	if (i && !next(c, 4)) {
		*p++ = ' ';
		*p++ = 'S';
		*p++ = '!';
	}
	*p = '\0';
	return c->texts[i];
}

static void all_histories_end_as_central_says(void **state)
{
	size_t found[3] = { 0 };

	(void)state;
	for (uint32_t run = 0; run < 3000; run++) {
		struct chance c = { .seed = run };
		struct history h = { .ops = c.ops, .n = 3 + run % 10 };

		c.ops[0] = (struct op){ 'A', NOTHING, some_change(&c, 0) };
		for (size_t d = 0; d < 3; d++)
			c.knows[d][0] = true;
		for (size_t i = 1; i < h.n; i++) {
			size_t d = next(&c, 3);

			while (next(&c, 2))
				exchange(&c);
			c.ops[i] = (struct op){ (char)('A' + (char)d),
						last_known(&c, d, i),
						some_change(&c, i) };
			c.knows[d][i] = true;
		}
		found[judge(&h)]++;
		arena_release(&h.arena);
	}
	for (size_t i = 0; i < ARRAY_LEN(found); i++)
		assert_true(found[i] > 50); /* all of them are met */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_case_is_what_central_says),
		cmocka_unit_test(all_histories_end_as_central_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
