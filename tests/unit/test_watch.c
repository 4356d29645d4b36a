/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../lib/scenario.h"

/* What an act tells to be read again, and what it does not read itself. */

#define CHOICES(filter)                                     \
	"<itemset nodeset=\"instance('l')/root/item" filter \
	"\"><value ref=\"name\"/><label ref=\"label\"/></itemset>"

/* Which kinds of change the last act told of that node. */
static unsigned told(struct scenario *s, const char *path)
{
	struct ref r = session_find(s->session, str_from(path));

	vec_each (c, &s->changes.list)
		if (ref_eq(c->ref, r))
			return c->kind;
	return 0;
}

#define ROW                                                          \
	"<group ref=\"/data/row\"><repeat nodeset=\"/data/row\">"    \
	"<input ref=\"/data/row/x\"><label>Baris <output "           \
	"value=\"../y\"/> dari <output value=\"count(/data/row)\"/>" \
	"</label></input><input ref=\"/data/row/y\"/></repeat></group>"

static void an_answer_tells_what_else_must_be_read_again(void **state)
{
	struct scenario s = { 0 };

	(void)state;
	scenario_open(
		&s,
		XFORM("<a/><b/><c/><row><x/><y/></row><row><x/><y/></row>",
		      BIND("b", "constraint=\". &lt; /data/a\""),
		      INPUT("a") INPUT("b") ROW
		      "<select1 ref=\"/data/c\"><itemset nodeset=\"/data/row"
		      "[y != /data/a]\"><value ref=\"x\"/><label ref=\"y\"/>"
		      "</itemset></select1>"));
	scenario_play(&s, "set /data/a 1");
	assert_int_equal(told(&s, "/data/a"), CHANGE_VALUE);
	assert_int_equal(told(&s, "/data/b"), CHANGE_VERDICT);
	assert_int_equal(told(&s, "/data/c"), CHANGE_CHOICES);
	assert_int_equal(told(&s, "/data/row[1]/x"), 0);
	scenario_play(&s, "set /data/row[2]/y 5");
	assert_int_equal(told(&s, "/data/row[1]/x"), 0);
	assert_int_equal(told(&s, "/data/row[2]/x"), CHANGE_TEXT);
	assert_int_equal(told(&s, "/data/c"), CHANGE_CHOICES);
	scenario_play(&s, "add /data/row");
	assert_int_equal(told(&s, "/data/row[1]/x"), CHANGE_TEXT);
	assert_int_equal(told(&s, "/data/c"), CHANGE_CHOICES);
	scenario_close(&s);
}

/* 1,000 rows v0, v1, ... whose `induk` is a, b, a, ...; reading all counts. */
#define MANY 1000

struct many {
	struct list list;
	unsigned read; /* how often all rows were asked for */
	char cell[16];
};

static size_t many_columns(const struct list *l)
{
	(void)l;
	return 3;
}

static struct str many_column(const struct list *l, size_t column)
{
	static const struct str names[] = { STR_INIT("name"), STR_INIT("induk"),
					    STR_INIT("label") };

	(void)l;
	return names[column];
}

static struct str many_cell(struct list *l, uint32_t row, size_t column)
{
	struct many *m = (struct many *)(void *)l;

	if (column == 1)
		return row % 2 ? STR("b") : STR("a");
	snprintf(m->cell, sizeof(m->cell), "v%u", (unsigned)row);
	return str_from(m->cell);
}

static enum err many_all(struct list *l, struct arena *a, const uint32_t **rows,
			 size_t *n)
{
	uint32_t *at = arena_array(a, MANY, sizeof(*at));

	((struct many *)(void *)l)->read++;
	assert_non_null(at);
	for (uint32_t i = 0; i < MANY; i++)
		at[i] = i;
	*rows = at;
	*n = MANY;
	return ERR_NONE;
}

static enum err many_find(struct list *l, size_t column, struct str value,
			  struct arena *a, const uint32_t **rows, size_t *n)
{
	uint32_t *at = arena_array(a, MANY, sizeof(*at));

	assert_non_null(at);
	*rows = at;
	*n = 0;
	for (uint32_t i = 0; i < MANY; i++)
		if (str_eq(many_cell(l, i, column), value))
			at[(*n)++] = i;
	return ERR_NONE;
}

static void many_release(struct list *l)
{
	(void)l;
}

static const struct list_ops many_ops = { .columns = many_columns,
					  .column = many_column,
					  .all = many_all,
					  .find = many_find,
					  .cell = many_cell,
					  .release = many_release };

static struct many many = { .list = { .ops = &many_ops } };

static enum err many_open(struct lists *self, struct str id, struct str src,
			  struct list **out, struct report *rep)
{
	(void)self;
	(void)id;
	(void)src;
	(void)rep;
	*out = &many.list;
	return ERR_NONE;
}

static void a_choice_of_many_does_not_read_the_whole_list(void **state)
{
	struct lists lists = { .open = many_open };
	struct scenario s = { .lists = &lists };

	(void)state;
	scenario_open(
		&s,
		XFORM("<induk/><semua/><satu/><ke/>",
		      "<instance id=\"l\" "
		      "src=\"jr://file-csv/l.csv\"/>",
		      INPUT("induk") "<select1 ref=\"/data/semua\">" CHOICES(
			      "") "</select1>"
				  "<select1 ref=\"/data/satu\">" CHOICES(
					  "[induk = /data/induk]") "</select1>"
								   "<select1 "
								   "ref=\"/"
								   "data/"
								   "ke\""
								   ">" CHOICES(
									   "[po"
									   "sit"
									   "ion"
									   "() "
									   "= "
									   "3]") "</select1>"));
	many.read = 0;
	scenario_play(&s, "set /data/semua v998\n"
			  "no /data/semua v1000\n"
			  "set /data/induk a\n"
			  "no /data/satu v3\n"
			  "set /data/satu v4\n");
	assert_int_equal(many.read, 0);
	scenario_play(&s, "no /data/ke v1\n"
			  "set /data/ke v2\n");
	assert_int_not_equal(many.read, 0);
	s.lists = NULL;
	scenario_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_tells_what_else_must_be_read_again),
		cmocka_unit_test(a_choice_of_many_does_not_read_the_whole_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
