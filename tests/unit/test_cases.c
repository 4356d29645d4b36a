/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/expect.h"
#include "../lib/world.h"

/* What submissions make of entities, and what is seen of it. */
static struct world w;

static struct str shown(const struct entity *e, const char *column, bool masked)
{
	const struct dataset *ds =
		datasets_find(cases_datasets(w.cases), e->dataset);
	struct str out;

	ok(cases_shown(w.cases, e,
		       dataset_named(ds, DATASET_COLUMN, str_from(column)),
		       masked, &w.arena, &out));
	return out;
}

static const char *const people[] = { "Siti Aminah", "Budi Santoso", "Ani" };

static struct str family(struct str *ids)
{
	return world_put_family(&w, people, ARRAY_LEN(people), ids);
}

static void one_submission_makes_a_house_and_its_people(void **state)
{
	struct str ids[3], house = family(ids);
	struct entity e = world_entity(&w, "rumah", house), p, *kids;
	size_t n;

	(void)state;
	assert_text(e.label, "Siti Aminah");
	assert_int_equal(e.version, 1);
	assert_int_equal(e.trunk_version, 0);
	assert_int_equal(e.branch.n, UUID_LEN);
	assert_text(entity_prop_of(&e, STR("desa")), "Palapa");
	assert_text(shown(&e, "isi", false), "3");
	assert_int_equal(cases_count(w.cases, STR("warga")), 3);
	ok(cases_children(w.cases, STR("warga"), house, &w.arena, &kids, &n));
	assert_int_equal(n, 3);
	for (size_t i = 0; i < n; i++)
		assert_text(kids[i].label, people[i]);
	ok(cases_parent(w.cases, &kids[2], &w.arena, &p));
	assert_text(p.id, house.p);
	ok(cases_entity_any(w.cases, ids[1], &w.arena, &p));
	assert_text(p.dataset, "warga");
	assert_text(cases_title(w.cases, &p), "Budi Santoso");
}

static void a_visit_changes_what_it_saves_and_no_more(void **state)
{
	struct str house = family(NULL);
	struct submission s = world_visit(&w, house, "lapuk", NULL);
	struct entity e;

	(void)state;
	world_submit(&w, &s);
	e = world_entity(&w, "rumah", house);
	assert_int_equal(e.version, 2);
	assert_text(e.label, "Siti Aminah");
	assert_text(entity_prop_of(&e, STR("kondisi")), "lapuk");
	assert_text(entity_prop_of(&e, STR("nama")), "Siti Aminah");
	s = world_visit(&w, house, "", "Sutinah");
	world_submit(&w, &s);
	e = world_entity(&w, "rumah", house);
	assert_int_equal(e.version, 3);
	assert_text(e.label, "Sutinah");
	assert_text(entity_prop_of(&e, STR("kondisi")), ""); /* a saved blank */
}

static void the_same_submission_again_changes_nothing(void **state)
{
	struct str house = family(NULL), before, after;
	struct submission s = world_visit(&w, house, "baik", NULL);

	(void)state;
	world_submit(&w, &s);
	before = world_dump(&w, &w.arena);
	world_submit(&w, &s);
	after = world_dump(&w, &w.arena);
	assert_true(str_eq(before, after));
	s.xml = arena_printf(&w.arena, "%s ", s.xml.p);
	assert_int_equal(cases_submit(w.cases, &s, STR(""), &w.report),
			 ERR_EXISTS);
	assert_true(str_eq(before, world_dump(&w, &w.arena)));
}

static void an_update_of_a_stranger_is_kept_with_a_warning(void **state)
{
	struct submission s = world_visit(&w, world_uuid(&w), "baik", NULL);
	struct event e;

	(void)state;
	world_submit(&w, &s);
	assert_int_equal(w.report.problems.n, 1);
	assert_int_equal(w.report.errors, 0);
	ok(cases_event(w.cases, s.instance_id, &w.arena, &e));
	assert_true(str_eq(e.xml, s.xml));
	assert_int_equal(cases_count(w.cases, STR("rumah")), 0);
}

static void an_event_says_who_when_and_what_was_seen(void **state)
{
	struct str house = family(NULL);
	struct submission s = world_visit(&w, house, "baik", NULL);
	struct event e;

	(void)state;
	world_submit(&w, &s);
	ok(cases_event(w.cases, s.instance_id, &w.arena, &e));
	assert_int_equal(e.seq, 2);
	assert_text(e.worker, "dewi");
	assert_text(e.title, "Kunjung");
	assert_int_equal(e.at, w.clock.at);
	assert_int_equal(e.offset_min, 420);
	assert_false(e.doubtful);
	assert_false(e.exported);
	assert_int_equal(e.n_touched, 1);
	assert_text(e.touched[0].id, house.p);
	assert_int_equal(e.touched[0].seen_seq, 1);
	assert_text(e.touched[0].seen_device, cases_device(w.cases).p);
	assert_int_equal(e.touched[0].branch.n, 0);
	ok(cases_last_saved(w.cases, STR("kunjung"), &w.arena, &e.xml));
	assert_true(str_eq(e.xml, s.xml));
	assert_int_equal(
		cases_last_saved(w.cases, STR("lain"), &w.arena, &e.xml),
		ERR_NOTFOUND);
}

static void a_clock_put_back_is_flagged_and_changes_no_order(void **state)
{
	struct str house = family(NULL);
	struct submission s = world_visit(&w, house, "baik", NULL);
	struct event *line;
	size_t n;

	(void)state;
	w.clock.at -= INT64_C(86400000) * 365;
	world_submit(&w, &s);
	ok(cases_timeline(w.cases, house, &w.arena, &line, &n));
	assert_int_equal(n, 2);
	assert_int_equal(line[0].seq, 2);
	assert_true(line[0].doubtful);
	assert_false(line[1].doubtful);
}

static void the_timeline_is_newest_first(void **state)
{
	struct str ids[3], house = family(ids);
	struct submission s;
	struct event *line;
	size_t n;

	(void)state;
	for (int i = 0; i < 3; i++) {
		s = world_visit(&w, house, "baik", NULL);
		world_submit(&w, &s);
	}
	ok(cases_timeline(w.cases, house, &w.arena, &line, &n));
	assert_int_equal(n, 4);
	for (size_t i = 1; i < n; i++)
		assert_true(line[i - 1].at > line[i].at);
	assert_text(line[3].title, "Daftar");
	assert_int_equal(line[0].xml.n, 0);
	ok(cases_timeline(w.cases, ids[0], &w.arena, &line, &n));
	assert_int_equal(n, 1);
}

static void a_person_who_moves_is_counted_at_both_houses(void **state)
{
	struct str ids[3], from = family(ids), to = family(NULL);
	struct submission s = world_move(&w, ids[0], to);
	struct entity a, b, *kids;
	size_t n;

	(void)state;
	world_submit(&w, &s);
	a = world_entity(&w, "rumah", from);
	b = world_entity(&w, "rumah", to);
	assert_text(shown(&a, "isi", false), "2");
	assert_text(shown(&b, "isi", false), "4");
	ok(cases_children(w.cases, STR("warga"), to, &w.arena, &kids, &n));
	assert_int_equal(n, 4);
	assert_text(kids[0].id, ids[0].p); /* made first */
}

static void children_see_their_house_renamed(void **state)
{
	struct str ids[3], house = family(ids);
	struct submission s = world_visit(&w, house, "ganti", "Sutinah");
	struct entity e;
	struct str out;
	const struct dataset *ds =
		datasets_find(cases_datasets(w.cases), STR("warga"));

	(void)state;
	world_submit(&w, &s);
	e = world_entity(&w, "warga", ids[1]);
	ok(cases_shown(w.cases, &e, dataset_row(ds, DATASET_DETAIL, 0), false,
		       &w.arena, &out));
	assert_text(out, "Sutinah");
}

static void numbers_are_masked_in_lists(void **state)
{
	struct str house = world_uuid(&w);
	struct submission s =
		world_house(&w, house, "Siti", "1871010203040003", "Palapa");
	struct entity e;

	(void)state;
	world_submit(&w, &s);
	e = world_entity(&w, "rumah", house);
	assert_text(shown(&e, "nomor", true), "1871********0003");
	assert_text(shown(&e, "nomor", false), "1871010203040003");
}

static void a_number_used_twice_is_warned_of(void **state)
{
	struct str a = world_uuid(&w), b = world_uuid(&w), *ids;
	struct submission s = world_house(&w, a, "Siti", "123", "Palapa");
	struct entity e;
	size_t n;

	(void)state;
	world_submit(&w, &s);
	assert_int_equal(w.report.problems.n, 0);
	s = world_house(&w, b, "Budi", " 123 ", "Palapa");
	world_submit(&w, &s);
	assert_int_equal(w.report.problems.n, 1);
	assert_int_equal(w.report.errors, 0);
	e = world_entity(&w, "rumah", b);
	ok(cases_same(w.cases, &e, STR("nomor"), &w.arena, &ids, &n));
	assert_int_equal(n, 1);
	assert_text(ids[0], a.p);
}

/* ---- lists */
static struct list *list(const char *src)
{
	struct lists *all = cases_lists(w.cases);
	struct list *l = NULL;

	ok(all->open(all, STR("x"), str_from(src), &l, &w.report));
	return l;
}

static size_t find(struct list *l, const char *column, struct str value,
		   const uint32_t **rows)
{
	size_t n;

	ok(l->ops->find(l, list_column(l, str_from(column)), value, &w.arena,
			rows, &n));
	return n;
}

static void a_dataset_is_a_list(void **state)
{
	struct str ids[3], house = family(ids);
	struct list *l = list("jr://file-csv/warga.csv");
	size_t label = list_column(l, STR("label")), n;
	const uint32_t *rows;

	(void)state;
	assert_int_equal(find(l, "name", ids[1], &rows), 1);
	assert_text(l->ops->cell(l, rows[0], label), "Budi Santoso");
	assert_text(l->ops->cell(l, rows[0], list_column(l, STR("__version"))),
		    "1");
	assert_int_equal(find(l, "rumah", house, &rows), 3);
	for (size_t i = 0; i < 3; i++)
		assert_text(l->ops->cell(l, rows[i], label), people[i]);
	assert_int_equal(find(l, "nama", STR("Ani"), &rows), 1);
	assert_text(l->ops->cell(l, rows[0], list_column(l, STR("name"))),
		    ids[2].p);
	assert_int_equal(find(l, "nama", STR("Tidak Ada"), &rows), 0);
	assert_int_equal(find(l, "name", STR("bukan"), &rows), 0);
	ok(l->ops->all(l, &w.arena, &rows, &n));
	assert_int_equal(n, 3);
	assert_text(l->ops->cell(l, rows[2], label), "Ani");
	assert_int_equal(list_column(l, STR("kosong")), SIZE_MAX);
}

static void a_list_changes_with_a_submission(void **state)
{
	struct list *l = list("jr://file-csv/rumah.csv");
	const uint32_t *rows;
	uint64_t version;
	size_t n;

	(void)state;
	ok(l->ops->all(l, &w.arena, &rows, &n));
	assert_int_equal(n, 0);
	version = l->version;
	family(NULL);
	assert_true(l->version > version);
	ok(l->ops->all(l, &w.arena, &rows, &n));
	assert_int_equal(n, 1);
}

static void workers_and_files_are_lists_too(void **state)
{
	struct list *l = list("jr://file-csv/petugas.csv");
	struct lists *all = cases_lists(w.cases);
	struct worker budi = { .code = STR("budi"),
			       .name = STR("Budi \"B\""),
			       .role = STR("TKSK") };
	const uint32_t *rows;

	(void)state;
	assert_int_equal(find(l, "name", STR("dewi"), &rows), 1);
	assert_text(l->ops->cell(l, rows[0], list_column(l, STR("village"))),
		    "Palapa");
	ok(cases_worker_put(w.cases, &budi));
	assert_int_equal(find(l, "role", STR("TKSK"), &rows), 1);
	assert_text(l->ops->cell(l, rows[0], list_column(l, STR("label"))),
		    "Budi \"B\"");
	assert_int_equal(all->open(all, STR("x"), STR("jr://file-csv/y.csv"),
				   &l, &w.report),
			 ERR_NOTFOUND);
	ok(cases_media_put(w.cases, STR("y.csv"), STR("name,a\n1,b\n"),
			   &w.report));
	l = list("jr://file-csv/y.csv");
	assert_int_equal(find(l, "a", STR("b"), &rows), 1);
}

/* ---- forms */
static void a_version_cannot_be_replaced(void **state)
{
	const struct form *f;
	struct form_row *rows;
	struct str xml;
	size_t n;

	(void)state;
	ok(cases_form(w.cases, STR("daftar"), STR(""), &f, &w.report));
	xml = arena_dup(&w.arena, form_xml(f));
	ok(cases_form_add(w.cases, xml, "daftar.xml", &w.report));
	xml = arena_printf(&w.arena, "%s<!-- -->", xml.p);
	assert_int_equal(cases_form_add(w.cases, xml, "daftar.xml", &w.report),
			 ERR_EXISTS);
	ok(cases_forms(w.cases, &w.arena, &rows, &n));
	assert_int_equal(n, 3);
	assert_true(rows[0].current);
}

static void a_removed_form_still_opens_by_its_version(void **state)
{
	const struct form *f;
	struct form_row *rows;
	size_t n;

	(void)state;
	family(NULL);
	ok(cases_form_remove(w.cases, STR("daftar"), &w.report));
	ok(cases_forms(w.cases, &w.arena, &rows, &n));
	assert_int_equal(n, 2);
	assert_int_equal(
		cases_form(w.cases, STR("daftar"), STR(""), &f, &w.report),
		ERR_NOTFOUND);
	ok(cases_form(w.cases, STR("daftar"), STR("1"), &f, &w.report));
	ok(cases_rebuild(w.cases, NULL, NULL, &w.report));
	assert_int_equal(cases_form_remove(w.cases, STR("daftar"), &w.report),
			 ERR_NOTFOUND);
}

/* ---- sessions */
static void a_form_started_from_a_house_has_chosen_it(void **state)
{
	struct cases_start how = { .form = STR("kunjung"),
				   .dataset = STR("rumah") };
	struct changes changes = { 0 };
	struct submission sub = { 0 };
	struct session *s = NULL;
	struct ref fixed;
	struct entity e;

	(void)state;
	how.entity = family(NULL);
	ok(cases_start(w.cases, &how, &s, &fixed, &w.report));
	assert_true(fixed.node != NULL);
	assert_text(session_value(s, fixed), how.entity.p);
	ok(session_answer(s, session_find(s, STR("/data/kondisi")),
			  STR("retak"), &changes));
	ok(session_finalise(s, &sub, &w.report));
	ok(cases_submit(w.cases, &sub, STR(""), &w.report));
	e = world_entity(&w, "rumah", how.entity);
	assert_text(entity_prop_of(&e, STR("kondisi")), "retak");
	assert_int_equal(e.version, 2);
	submission_release(&sub);
	changes_release(&changes);
	session_free(s);
	how.entity = world_uuid(&w);
	assert_int_equal(cases_start(w.cases, &how, &s, &fixed, &w.report),
			 ERR_NOTFOUND);
}

static void a_roster_filled_in_makes_people(void **state)
{
	struct cases_start how = { .form = STR("daftar") };
	struct changes changes = { 0 };
	struct submission sub = { 0 };
	struct session *s = NULL;
	const struct item *repeat;
	struct ref fixed, row;
	struct entity *kids;
	size_t n;

	(void)state;
	ok(cases_start(w.cases, &how, &s, &fixed, &w.report));
	ok(session_answer(s, session_find(s, STR("/data/nama")), STR("Tuti"),
			  &changes));
	row = session_find(s, STR("/data/warga[1]/wnama"));
	if (!row.node) {
		repeat = form_body(session_form(s))->first;
		while (repeat && repeat->kind != ITEM_REPEAT)
			repeat = repeat->first ? repeat->first : repeat->next;
		ok(session_add(s, repeat, session_root(s), SIZE_MAX, &changes));
		row = session_find(s, STR("/data/warga[1]/wnama"));
	}
	ok(session_answer(s, row, STR("Tuti"), &changes));
	ok(session_finalise(s, &sub, &w.report));
	ok(cases_submit(w.cases, &sub, STR(""), &w.report));
	assert_int_equal(sub.n_ops, 2);
	ok(cases_children(w.cases, STR("warga"), sub.ops[0].id, &w.arena, &kids,
			  &n));
	assert_int_equal(n, 1);
	assert_text(kids[0].label, "Tuti");
	submission_release(&sub);
	changes_release(&changes);
	session_free(s);
}

static void many_are_taken_whole_or_not_at_all(void **state)
{
	struct submission subs[3];

	(void)state;
	for (size_t i = 0; i < 3; i++)
		subs[i] = world_house(&w, world_uuid(&w), "Siti", "", "Palapa");
	subs[2].instance_id = subs[0].instance_id;
	assert_int_equal(cases_submit_all(w.cases, subs, 3, &w.report),
			 ERR_EXISTS);
	assert_int_equal(cases_event_count(w.cases), 0);
	assert_int_equal(cases_count(w.cases, STR("rumah")), 0);
	ok(cases_submit_all(w.cases, subs, 2, &w.report));
	assert_int_equal(cases_count(w.cases, STR("rumah")), 2);
}

static void bad_submissions_change_nothing(void **state)
{
	struct submission s = world_house(&w, STR("bukan-uuid"), "A", "", "B");
	struct str before = world_dump(&w, &w.arena);

	(void)state;
	assert_int_equal(cases_submit(w.cases, &s, STR(""), &w.report),
			 ERR_INVALID);
	s.xml = STR("<data>");
	assert_true(cases_submit(w.cases, &s, STR(""), &w.report) != ERR_NONE);
	s = world_house(&w, world_uuid(&w), "A", "", "B");
	s.form_id = STR("tidak-ada");
	assert_int_equal(cases_submit(w.cases, &s, STR(""), &w.report),
			 ERR_NOTFOUND);
	s.instance_id = STR("");
	assert_int_equal(cases_submit(w.cases, &s, STR(""), &w.report),
			 ERR_INVALID);
	assert_true(str_eq(before, world_dump(&w, &w.arena)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(one_submission_makes_a_house_and_its_people, &w),
		world_test(a_visit_changes_what_it_saves_and_no_more, &w),
		world_test(the_same_submission_again_changes_nothing, &w),
		world_test(an_update_of_a_stranger_is_kept_with_a_warning, &w),
		world_test(an_event_says_who_when_and_what_was_seen, &w),
		world_test(a_clock_put_back_is_flagged_and_changes_no_order,
			   &w),
		world_test(the_timeline_is_newest_first, &w),
		world_test(a_person_who_moves_is_counted_at_both_houses, &w),
		world_test(children_see_their_house_renamed, &w),
		world_test(numbers_are_masked_in_lists, &w),
		world_test(a_number_used_twice_is_warned_of, &w),
		world_test(a_dataset_is_a_list, &w),
		world_test(a_list_changes_with_a_submission, &w),
		world_test(workers_and_files_are_lists_too, &w),
		world_test(a_version_cannot_be_replaced, &w),
		world_test(a_removed_form_still_opens_by_its_version, &w),
		world_test(a_form_started_from_a_house_has_chosen_it, &w),
		world_test(a_roster_filled_in_makes_people, &w),
		world_test(many_are_taken_whole_or_not_at_all, &w),
		world_test(bad_submissions_change_nothing, &w),
	};

	return cmocka_run_group_tests_name("cases", tests, NULL, NULL);
}
