/* SPDX-License-Identifier: MIT */
#include "listing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "pilar/file.h"

#include "expect.h"

void listing_open_bytes(struct listing *l, const char *dataset,
			struct str bytes)
{
	struct prelist_file file = { .path = l->path };

	snprintf(l->path, sizeof(l->path), "%s/daftar.csv", l->w.folder);
	ok(file_write(l->path, bytes));
	prelist_free(l->list);
	l->list = NULL;
	if (prelist_open(&l->list, l->w.cases, str_from(dataset), &file,
			 &l->w.report))
		fail_msg("%s", report_first(&l->w.report, &l->w.arena).p);
}

void listing_open(struct listing *l, const char *text)
{
	listing_open_bytes(l, "rumah", str_from(text));
}

void listing_run(struct listing *l, bool dry)
{
	const struct prelist_run how = { .dry = dry };

	ok(prelist_run(l->list, &how, &l->done, &l->w.report));
}

void listing_take(struct listing *l, const char *text)
{
	listing_open(l, text);
	listing_run(l, false);
}

void assert_columns(struct listing *l, const char *want)
{
	struct buf b = BUF_INIT(1000);

	for (size_t i = 0; i < prelist_columns(l->list); i++) {
		const struct prelist_column *c = prelist_column(l->list, i);

		buf_addf(&b, "%s%.*s%s", i ? " " : "",
			 STR_ARG(c->property.n ? c->property : STR("-")),
			 i == prelist_key(l->list) ? "*" : "");
	}
	assert_string_equal(b.p, want);
	buf_release(&b);
}

void assert_refused(struct listing *l, const char *want)
{
	const struct prelist_refusal *all;
	struct buf b = BUF_INIT(10000);
	size_t n;

	all = prelist_refusals(l->list, &n);
	for (size_t i = 0; i < n; i++)
		buf_addf(&b, "%zu %.*s: %.12s\n", all[i].row,
			 STR_ARG(all[i].column), all[i].why);
	assert_string_equal(b.n ? b.p : "", want);
	buf_release(&b);
}

struct wanted {
	const char *name, *property, *value;
	size_t seen;
};

static enum err look(void *arg, const struct entity *e)
{
	struct wanted *v = arg;

	if (!str_is(e->label, v->name))
		return ERR_NONE;
	v->seen++;
	assert_text(entity_prop_of(e, str_from(v->property)), v->value);
	return ERR_NONE;
}

void assert_house(struct listing *l, const char *name, const char *property,
		  const char *value)
{
	struct wanted v = { name, property, value, 0 };

	ok(cases_each(l->w.cases, STR("rumah"), look, &v));
	assert_int_equal(v.seen, 1);
}

void listing_rules(struct listing *l, const char *first, const char *more)
{
	struct str all = arena_printf(&l->w.arena, "%s%s", first, more);

	ok(cases_media_put(l->w.cases, STR(PRELIST_FILE), all, &l->w.report));
	ok(cases_refresh(l->w.cases));
}

int listing_setup(void **state)
{
	struct listing *l = *state;

	world_make(&l->w);
	listing_rules(l, LISTING_RULES, "");
	return 0;
}

int listing_teardown(void **state)
{
	struct listing *l = *state;

	prelist_free(l->list);
	l->list = NULL;
	world_remove(&l->w);
	return 0;
}
