/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pilar/arrive.h"
#include "pilar/search.h"

#include "../lib/expect.h"
#include "../lib/world.h"

/*
 * What left the lists, doubles, and acts taken back. A house whose condition
 * is "roboh" is closed, one whose condition is an id is a double of that one.
 */
static struct world w;

static const char more[] =
	"dataset,kind,name,label::id,label::en,order,search,mask,class,value\n"
	"rumah,title,judul,Rumah,House,,,,,nama\n"
	"rumah,column,nama,Nama,Name,1,name,,,nama\n"
	"rumah,column,nomor,Nomor,Number,2,number,4*4,,nomor\n"
	"rumah,column,isi,Isi,People,4,,,,"
	"count(instance('warga')/root/item[rumah = current()/name])\n"
	"rumah,unique,nomor,Nomor,Number,,,,,\n"
	"rumah,due,lagi,Kunjungan,Visit,,,,,'2026-12-01'\n"
	"rumah,closed,roboh,roboh,collapsed,,,,,kondisi = 'roboh'\n"
	"rumah,merged,kembar,,,,,,,kondisi\n"
	"warga,column,nama,Nama,Name,1,name,,,nama\n"
	"warga,due,lagi,Periksa,Check,,,,,'2026-12-02'\n"
	"warga,closed,rumah,rumahnya roboh,house collapsed,,,,,"
	"instance('rumah')/root/item[name = current()/rumah]/kondisi = "
	"'roboh'\n"
	"warga,parent,rumah,Rumah,House,,,,,rumah\n";

static void begin(void)
{
	world_make(&w);
	world_datasets_put(&w, more);
}

static int setup(void **state)
{
	(void)state;
	begin();
	return 0;
}

static struct str house(const char *name, const char *number)
{
	return world_put_house(&w, name, number, "Palapa");
}

static struct submission becomes(struct str id, const char *condition)
{
	struct submission s = world_visit(&w, id, condition, NULL);

	world_submit(&w, &s);
	return s;
}

static size_t due(void)
{
	size_t n;

	ok(cases_due_count(w.cases, INT64_MIN, INT64_MAX, &n));
	return n;
}

/* How many are found, and which is the best. */
static size_t found(const char *text, struct str *best)
{
	struct search_query q = { .text = str_from(text), .limit = 10 };
	struct search_result r;

	ok(cases_search(w.cases, &q, &w.arena, &r));
	if (r.n && best)
		*best = r.hits[0].id;
	return r.n;
}

/* Line by line, so that a failure names the one. Keyed hashes are of a store.
 */
static void same_dump(struct str before, struct str after)
{
	struct str a, b;

	while (str_split(&before, '\n', &a)) {
		assert_true(str_split(&after, '\n', &b));
		if (str_starts(a, STR("index\tU")) &&
		    str_starts(b, STR("index\tU")))
			continue;
		assert_string_equal(arena_cstr(&w.arena, a),
				    arena_cstr(&w.arena, b));
	}
	assert_false(str_split(&after, '\n', &b));
}

/* Projections and indexes are what all events together make. */
static void rebuild_agrees(void)
{
	struct str before = world_dump(&w, &w.arena);

	ok(cases_rebuild(w.cases, NULL, NULL, &w.report));
	same_dump(before, world_dump(&w, &w.arena));
}

/* ---- closed */
static void the_closed_are_marked_and_not_due(void **state)
{
	static const char *const people[] = { "Siti", "Budi" };
	struct str ids[2], id = world_uuid(&w);
	struct submission s = world_family(&w, id, "Siti", people, 2, ids);
	struct entity e;

	(void)state;
	world_submit(&w, &s);
	assert_int_equal(due(), 3);
	assert_null(world_entity(&w, "rumah", id).closed);
	becomes(id, "roboh");
	e = world_entity(&w, "rumah", id);
	assert_text(dataset_label(e.closed), "roboh");
	e = world_entity(&w, "warga", ids[1]); /* it follows from its house */
	assert_text(dataset_label(e.closed), "rumahnya roboh");
	assert_int_equal(due(), 0);
	assert_int_equal(found("siti", NULL), 2);
	assert_int_equal(found("", NULL), 0);
	rebuild_agrees();
	becomes(id, "baik");
	assert_null(world_entity(&w, "warga", ids[1]).closed);
	assert_int_equal(due(), 3);
	rebuild_agrees();
}

/* ---- doubles */
static void a_double_leads_to_the_one_that_stands_for_it(void **state)
{
	struct str a = house("Siti Aminah", "111"), b = house("Sitti", "222");
	struct str c = house("Aminah", "333"), best;
	struct entity e;
	struct event *line;
	size_t n;

	(void)state;
	becomes(b, a.p);
	becomes(c, b.p); /* a double of a double */
	e = world_entity(&w, "rumah", c);
	assert_text(e.merged, b.p);
	ok(cases_survivor(w.cases, &e, &w.arena));
	assert_text(e.id, a.p);
	ok(cases_timeline(w.cases, a, &w.arena, &line, &n));
	assert_int_equal(n, 5); /* three houses, two merges */
	assert_int_equal(found("", NULL), 1);
	assert_int_equal(found("333", &best), 1);
	assert_text(best, a.p);
	assert_int_equal(due(), 1);
	rebuild_agrees();
}

static void what_was_merged_is_parted_again(void **state)
{
	struct str a = house("Siti", "111"), b = house("Budi", "222"), best;
	struct event *line;
	size_t n;

	(void)state;
	becomes(b, a.p);
	becomes(b, "");
	assert_int_equal(found("budi", &best), 1);
	assert_text(best, b.p);
	assert_int_equal(found("222", &best), 1);
	assert_text(best, b.p);
	ok(cases_timeline(w.cases, a, &w.arena, &line, &n));
	assert_int_equal(n, 1);
	ok(cases_timeline(w.cases, b, &w.arena, &line, &n));
	assert_int_equal(n, 3);
	assert_int_equal(due(), 2);
	rebuild_agrees();
}

static void doubles_of_each_other_end_somewhere(void **state)
{
	struct str a = house("Siti", "111"), b = house("Budi", "222");
	struct entity e;
	struct event *line;
	size_t n;

	(void)state;
	becomes(b, a.p);
	becomes(a, b.p);
	e = world_entity(&w, "rumah", a);
	ok(cases_survivor(w.cases, &e, &w.arena));
	ok(cases_timeline(w.cases, a, &w.arena, &line, &n));
	assert_int_equal(n, 4);
	becomes(a, a.p); /* of itself: of none */
	e = world_entity(&w, "rumah", a);
	assert_int_equal(e.merged.n, 0);
	rebuild_agrees();
}

/* ---- taken back */
static struct event last_act(void)
{
	struct event e;

	ok(cases_undo_last(w.cases, &w.arena, &e, &w.report));
	return e;
}

static void the_last_act_is_taken_back(void **state)
{
	struct str id = house("Siti", "111"), was;
	struct submission s;
	struct entity now;
	struct event e;

	(void)state;
	becomes(id, "baik");
	was = world_dump(&w, &w.arena);
	s = becomes(id, "lapuk");
	e = last_act();
	assert_true(str_eq(e.xml, s.xml));
	ok(cases_undo(w.cases, e.instance_id, &w.report));
	now = world_entity(&w, "rumah", id);
	assert_text(entity_prop_of(&now, STR("kondisi")), "baik");
	e = last_act();
	assert_int_equal(e.seq, 2); /* now the one before it */
	assert_int_equal(cases_waiting(w.cases), 2);
	assert_int_equal(cases_event(w.cases, s.instance_id, &w.arena, &e),
			 ERR_NOTFOUND);
	rebuild_agrees();
	/* Finalised once more it counts again. */
	world_submit(&w, &s);
	assert_int_equal(cases_waiting(w.cases), 3);
	rebuild_agrees();
	assert_false(str_eq(was, world_dump(&w, &w.arena)));
}

static void what_it_made_is_no_more(void **state)
{
	static const char *const people[] = { "Siti", "Budi" };
	struct str ids[2], id = world_uuid(&w);
	struct submission s = world_family(&w, id, "Siti", people, 2, ids);
	struct entity e;

	(void)state;
	house("Lain", "999");
	world_submit(&w, &s);
	ok(cases_undo(w.cases, last_act().instance_id, &w.report));
	assert_int_equal(cases_entity(w.cases, STR("rumah"), id, &w.arena, &e),
			 ERR_NOTFOUND);
	assert_int_equal(cases_count(w.cases, STR("rumah")), 1);
	assert_int_equal(cases_count(w.cases, STR("warga")), 0);
	assert_int_equal(found("siti", NULL), 0);
	assert_int_equal(due(), 1);
	rebuild_agrees();
}

static void what_was_built_upon_or_exported_stays(void **state)
{
	struct str id = house("Siti", "111");
	struct batch b = { .seq = 1, .first = 1, .last = 1, .events = 1 };
	const uint64_t first = 1;
	struct submission s = becomes(id, "baik");
	struct worker budi = { .code = STR("budi"),
			       .name = STR("Budi"),
			       .role = STR("TKSK"),
			       .language = STR("id") };
	struct cases *other = NULL;
	struct event e;

	(void)state;
	assert_int_equal(cases_undo(w.cases, STR("uuid:lain"), &w.report),
			 ERR_REFUSED);
	ok(cases_worker_put(w.cases, &budi));
	ok(cases_open(&other, w.store, &w.clock.sys, STR("budi"), &w.report));
	assert_int_equal(cases_undo_last(other, &w.arena, &e, &w.report),
			 ERR_NOTFOUND);
	s = world_visit(&w, id, "lapuk", NULL);
	ok(cases_submit(other, &s, STR(""), &w.report));
	assert_int_equal(cases_undo_last(w.cases, &w.arena, &e, &w.report),
			 ERR_REFUSED);
	ok(cases_undo_last(other, &w.arena, &e, &w.report));
	cases_close(other);
	house("Baru", "222");
	ok(cases_batch_put(w.cases, &b, &first, 1, NULL));
	ok(cases_undo(w.cases, last_act().instance_id, &w.report));
	assert_int_equal(cases_undo_last(w.cases, &w.arena, &e, &w.report),
			 ERR_REFUSED);
	rebuild_agrees();
}

static void an_exported_act_is_not_taken_back(void **state)
{
	struct batch b = { .seq = 1, .first = 1, .last = 1, .events = 1 };
	const uint64_t first = 1;
	struct event e;

	(void)state;
	house("Siti", "111");
	ok(cases_batch_put(w.cases, &b, &first, 1, NULL));
	assert_int_equal(cases_undo_last(w.cases, &w.arena, &e, &w.report),
			 ERR_REFUSED);
}

/* ---- files that come late */
#define HISTORY 9

/* Another device's events, as a file brings them. */
static void collect(struct arena *a, struct event out[HISTORY])
{
	struct str a_id = house("Siti", "111"), b_id = house("Budi", "222");

	becomes(a_id, "baik");
	becomes(b_id, a_id.p);  /* merged */
	becomes(a_id, "roboh"); /* closed */
	becomes(b_id, "");      /* parted again */
	becomes(a_id, "baik");  /* reopened */
	becomes(b_id, a_id.p);
	becomes(a_id, "lapuk");
	for (uint64_t i = 0; i < HISTORY; i++) {
		struct event *e = &out[i];
		struct touch *t;
		struct str id;

		ok(cases_event_number(w.cases, cases_device(w.cases), i + 1, a,
				      &id));
		ok(cases_event(w.cases, id, a, e));
		t = arena_array(a, e->n_touched, sizeof(*t));
		assert_non_null(t);
		for (size_t k = 0; k < e->n_touched; k++) {
			t[k] = e->touched[k];
			if (t[k].seen_seq)
				t[k].seen_device = STR("00000000000000aa");
		}
		e->touched = t;
		e->device = STR("00000000000000aa");
		e->instance_id = STR("");
	}
}

/* Each in a file of its own, by these numbers; what is known afterwards. */
static struct str arrive(struct arena *a, const struct event *events,
			 const size_t *order)
{
	struct str dump;

	world_remove(&w);
	begin();
	for (size_t i = 0; i < HISTORY; i++) {
		struct arriving *in = NULL;
		bool again;

		ok(arrive_begin(&in, w.cases, &w.report));
		ok(arrive_add(in, &events[order[i]], &again));
		assert_false(again);
		ok(arrive_commit(&in, STR(""), NULL, 0));
	}
	dump = world_dump(&w, a);
	rebuild_agrees();
	return dump;
}

static void a_late_file_makes_the_same_of_it(void **state)
{
	static const size_t orders[][HISTORY] = {
		{ 0, 1, 2, 3, 4, 5, 6, 7, 8 },
		{ 8, 7, 6, 5, 4, 3, 2, 1, 0 },
		{ 3, 1, 8, 5, 0, 7, 2, 6, 4 },
	};
	struct event events[HISTORY];
	struct arena a = { 0 };
	struct str first;

	(void)state;
	collect(&a, events);
	first = arrive(&a, events, orders[0]);
	for (size_t i = 1; i < ARRAY_LEN(orders); i++)
		same_dump(first, arrive(&a, events, orders[i]));
	arena_release(&a);
}

/* ---- who set what */
static void a_history_says_who_set_what_from_which_form(void **state)
{
	struct str id = house("Siti", "111");
	struct prop_change *c;
	struct entity e;
	size_t n;

	(void)state;
	becomes(id, "baik");
	becomes(id, "baik"); /* saved again, not changed */
	becomes(id, "lapuk");
	e = world_entity(&w, "rumah", id);
	ok(cases_history(w.cases, &e, &w.arena, &c, &n));
	assert_true(n >= 4);
	assert_text(c[n - 1].property, "kondisi");
	assert_text(c[n - 1].was, "baik");
	assert_text(c[n - 1].value, "lapuk");
	assert_text(c[n - 1].worker, "dewi");
	assert_text(c[n - 1].title, "Kunjung");
	assert_text(c[n - 2].was, "");
	assert_text(c[0].title, "Daftar");
	assert_true(c[n - 1].at > c[0].at);
}

/* ---- an old record is edited */
static struct submission edits(struct str id, struct str old,
			       const char *condition)
{
	struct submission s = world_visit(&w, id, condition, NULL);

	s.deprecated_id = old;
	world_submit(&w, &s);
	return s;
}

static void an_edit_changes_the_record_and_not_the_case(void **state)
{
	struct str id = house("Siti", "111"), by;
	struct submission old, edit;
	struct event e, *line;
	struct entity now;
	size_t n;

	(void)state;
	old = becomes(id, "lapuk");
	ok(cases_event(w.cases, old.instance_id, &w.arena, &e));
	assert_int_equal(cases_edited_by(w.cases, &e, &w.arena, &by),
			 ERR_NOTFOUND);
	edit = edits(id, old.instance_id, "baik");
	now = world_entity(&w, "rumah", id);
	assert_text(entity_prop_of(&now, STR("kondisi")), "lapuk");
	ok(cases_timeline(w.cases, id, &w.arena, &line, &n));
	assert_int_equal(n, 3);
	assert_text(line[0].deprecated_id,
		    arena_cstr(&w.arena, old.instance_id));
	ok(cases_edited_by(w.cases, &e, &w.arena, &by));
	assert_text(by, arena_cstr(&w.arena, edit.instance_id));
	rebuild_agrees();
	ok(cases_undo(w.cases, edit.instance_id, &w.report));
	assert_int_equal(cases_edited_by(w.cases, &e, &w.arena, &by),
			 ERR_NOTFOUND);
	ok(cases_timeline(w.cases, id, &w.arena, &line, &n));
	assert_int_equal(n, 2);
	rebuild_agrees();
}

static void what_an_edit_corrects_is_told_while_the_case_still_says_it(
	void **state)
{
	struct str id = house("Siti", "111");
	struct submission old = becomes(id, "lapuk");
	struct submission edit = edits(id, old.instance_id, "baik");
	struct correction *list;
	size_t n;

	(void)state;
	ok(cases_corrected(w.cases, edit.instance_id, &w.arena, &list, &n));
	assert_int_equal(n, 1);
	assert_text(list[0].entity.id, id.p);
	assert_int_equal(list[0].n, 1);
	assert_text(list[0].changes[0].property, "kondisi");
	assert_text(list[0].changes[0].was, "lapuk");
	assert_text(list[0].changes[0].value, "baik");
	ok(cases_corrected(w.cases, old.instance_id, &w.arena, &list, &n));
	assert_int_equal(n, 0); /* no edit */
	becomes(id, "baru");
	ok(cases_corrected(w.cases, edit.instance_id, &w.arena, &list, &n));
	assert_int_equal(n, 0); /* a later visit says so now */
}

/* ---- lists that are carried on */
static enum err carries(size_t n)
{
	struct carried_row *rows = arena_array(&w.arena, n, sizeof(*rows));
	struct carried_list l = { .device = STR("0123456789abcdef"),
				  .instance_id = STR("daftar"),
				  .seq = 1,
				  .rows = rows,
				  .n = n };
	struct arriving *a = NULL;
	bool again;
	enum err rc;

	for (size_t i = 0; i < n; i++)
		rows[i] = (struct carried_row){
			.touch = { .dataset = STR("rumah"),
				   .id = world_uuid(&w) },
			.label = STR("Rumah"),
			.verb = ENTITY_CREATE,
		};
	ok(arrive_begin(&a, w.cases, &w.report));
	rc = arrive_list(a, &l, &again);
	if (rc)
		arrive_abort(&a);
	return rc ? rc : arrive_commit(&a, STR("berkas"), NULL, 0);
}

static void a_list_that_is_carried_has_10000_rows_at_most(void **state)
{
	(void)state;
	assert_int_equal(carries(CARRIED_ROWS_MAX + 1), ERR_INVALID);
	assert_int_equal(cases_count(w.cases, STR("rumah")), 0);
	ok(carries(CARRIED_ROWS_MAX));
	assert_int_equal(cases_count(w.cases, STR("rumah")), CARRIED_ROWS_MAX);
}

#define T(name)                                                               \
	cmocka_unit_test_prestate_setup_teardown(name, setup, world_teardown, \
						 &w)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_closed_are_marked_and_not_due),
		T(an_edit_changes_the_record_and_not_the_case),
		T(what_an_edit_corrects_is_told_while_the_case_still_says_it),
		T(a_double_leads_to_the_one_that_stands_for_it),
		T(what_was_merged_is_parted_again),
		T(doubles_of_each_other_end_somewhere),
		T(the_last_act_is_taken_back),
		T(what_it_made_is_no_more),
		T(what_was_built_upon_or_exported_stays),
		T(an_exported_act_is_not_taken_back),
		T(a_late_file_makes_the_same_of_it),
		T(a_history_says_who_set_what_from_which_form),
		T(a_list_that_is_carried_has_10000_rows_at_most),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
