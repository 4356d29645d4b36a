/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "pilar/csv.h"
#include "pilar/draft.h"
#include "pilar/keying.h"
#include "pilar/screens.h"
#include "pilar/tally.h"
#include "pilar/verify.h"

#include "../lib/stage.h"

/* What is known of the keying itself: what it cost, what was keyed again. */
static const char form_md[] =
	"| survey |\n"
	"| | type | name | label | constraint | appearance |\n"
	"| | begin_group | a | A. Orang | | field-list |\n"
	"| | text | nama | Nama | | |\n"
	"| | integer | umur | Umur | . < 120 | |\n"
	"| | select_one yt | kerja | Bekerja | | |\n"
	"| | end_group | | | | |\n"
	"| choices |\n"
	"| | list_name | name | label |\n"
	"| | yt | 1 | Ya |\n"
	"| | yt | 2 | Tidak |\n"
	"| settings |\n"
	"| | form_title | form_id | version |\n"
	"| | AA Uji | uji | 1 |\n";

/* The only row there is. */
static struct tally counted(struct stage *g)
{
	struct tally *rows = NULL;
	size_t n = 0;

	assert_int_equal(tally_list(g->w.cases, INT64_MIN, INT64_MAX,
				    &g->w.arena, &rows, &n),
			 0);
	assert_int_equal(n, 1);
	return rows[0];
}

/* ---- what it cost */
static void keys_answers_and_corrections_of_a_form_are_counted(void **state)
{
	struct stage g;
	struct tally w;

	(void)state;
	stage_begin(&g, form_md);
	terminal_keys(&g.t, "b4"); /* before the form: not counted */
	terminal_keys(&g.t, "S");
	g.w.clock.at += 2000;
	terminal_keys(&g.t, "iti<Enter>");     /* 5 so far */
	terminal_keys(&g.t, "200<Enter>");     /* 9, refused */
	g.w.clock.at += KEYING_PAUSE_MS;       /* a pause is no work */
	terminal_keys(&g.t, "<C-U>20<Enter>"); /* 13, corrected */
	g.w.clock.at += 1000;
	terminal_keys(&g.t, "1"); /* 14 and the review */
	assert_shows(&g.t, "Semua benar");
	terminal_keys(&g.t, "f");
	w = counted(&g);
	assert_int_equal(w.n[TALLY_FORMS], 1);
	assert_int_equal(w.n[TALLY_STROKES], 14);
	assert_int_equal(w.n[TALLY_MS], 3000);
	assert_int_equal(w.n[TALLY_ANSWERS], 3);
	assert_int_equal(w.n[TALLY_CORRECTED], 1);
	assert_int_equal(w.n[TALLY_REFUSED], 1);
	assert_int_equal(tally_hourly(&w), 14 * 1200);
	assert_int_equal(tally_errors(&w), 1428);
	assert_int_equal(tally_form_seconds(&w), 3);
	stage_end(&g);
}

static void a_draft_left_and_gone_on_with_is_counted_once(void **state)
{
	struct stage g;
	struct tally w;

	(void)state;
	stage_begin(&g, form_md);
	terminal_keys(&g.t, "b4Siti<Enter><Esc>");
	w = counted(&g);
	assert_int_equal(w.n[TALLY_STROKES], 6);
	assert_int_equal(w.n[TALLY_FORMS], 0);
	terminal_close(&g.t);
	world_close(&g.w);
	world_open(&g.w);
	terminal_open(&g.t, 24, 80);
	assert_int_equal(screens_home(g.t.ui, g.w.cases), 0);
	terminal_keys(&g.t, "<Enter>20<Enter><C-R>f");
	w = counted(&g);
	assert_int_equal(w.n[TALLY_STROKES], 10);
	assert_int_equal(w.n[TALLY_FORMS], 1);
	assert_int_equal(w.n[TALLY_ANSWERS], 2);
	stage_end(&g);
}

static void the_screen_of_numbers_groups_by_a_key(void **state)
{
	struct stage g;

	(void)state;
	stage_begin(&g, form_md);
	terminal_keys(&g.t, "b4Si");
	g.w.clock.at += 36000;
	terminal_keys(&g.t, "ti<Enter><C-R>fa");
	assert_shows(&g.t, "Angka kerja");
	terminal_keys(&g.t, "<Home><Down><Down><Down><Down><Down><Enter>");
	assert_shows(&g.t, " ketikan/jam ");
	assert_shows(&g.t, "600        0,0");
	terminal_keys(&g.t, "g");
	assert_shows(&g.t, "> dewi");
	terminal_keys(&g.t, "g");
	assert_shows(&g.t, "> AA Uji");
	assert_shows(&g.t, "  Semua");
	stage_end(&g);
}

static void rows_are_added_up_by_what_is_asked(void **state)
{
	struct tally rows[] = {
		{ STR("a"), STR("x"), STR("X"), 1, { 1, 10 } },
		{ STR("b"), STR("x"), STR("X"), 1, { 1, 20 } },
		{ STR("a"), STR("y"), STR("Y"), 2, { 2, 40 } },
	};

	(void)state;
	assert_int_equal(tally_sum(rows, 3, TALLY_BY_WORKER), 2);
	assert_true(str_is(rows[0].worker, "a"));
	assert_int_equal(rows[0].n[TALLY_FORMS], 3);
	assert_int_equal(rows[0].n[TALLY_STROKES], 50);
	assert_int_equal(rows[1].n[TALLY_STROKES], 20);
	assert_int_equal(tally_sum(rows, 2, TALLY_BY_ALL), 1);
	assert_int_equal(rows[0].n[TALLY_STROKES], 70);
	assert_int_equal(tally_hourly(&rows[0]), 0);
}

/* ---- the second keying */
static void keyed(struct stage *g)
{
	terminal_keys(&g->t, "b4Siti<Enter>20<Enter>1");
	assert_shows(&g->t, "Semua benar");
	terminal_keys(&g->t, "f");
	terminal_keys(&g->t,
		      "a<Home><Down><Down><Down><Down><Down><Down><Enter>");
	assert_shows(&g->t, "> AA Uji ");
	assert_shows(&g->t, " dewi  belum");
}

static struct event last_event(struct stage *g)
{
	struct outbox_row *rows = NULL;
	struct event e;
	size_t n = 0;

	assert_int_equal(cases_outbox(g->w.cases, &g->w.arena, &rows, &n), 0);
	assert_true(n > 0);
	assert_int_equal(cases_event(g->w.cases, rows[n - 1].instance_id,
				     &g->w.arena, &e),
			 0);
	return e;
}

static void a_record_keyed_alike_stands_and_is_marked(void **state)
{
	struct stage g;
	struct str before;

	(void)state;
	stage_begin(&g, form_md);
	keyed(&g);
	before = last_event(&g).instance_id;
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, "verifikasi");
	assert_shows(&g.t, "   Nama                             [   ");
	terminal_keys(&g.t, "Siti<Enter>20<Enter>1f");
	assert_shows(&g.t, "Diperiksa: 3 pertanyaan, 0 salah pengetik, 0 ");
	assert_shows(&g.t, "sudah (dewi)");
	assert_true(str_eq(last_event(&g).instance_id, before));
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, "Isian ini sudah diperiksa");
	stage_end(&g);
}

static void what_was_said_twice_stands_and_becomes_an_edit(void **state)
{
	struct stage g;
	struct event e;
	struct str before;
	struct tally w;

	(void)state;
	stage_begin(&g, form_md);
	keyed(&g);
	before = last_event(&g).instance_id;
	terminal_keys(&g.t, "<Enter>Sitti<Enter>");
	assert_shows(&g.t, "BERBEDA dari yang diketik dulu");
	assert_shows(&g.t, "   Nama                             [   ");
	terminal_keys(&g.t, "<Enter>");     /* by habit: nothing was keyed */
	terminal_keys(&g.t, "Siti<Enter>"); /* the verifier's error */
	terminal_keys(&g.t, "21<Enter>");
	assert_shows(&g.t, "BERBEDA dari");
	terminal_keys(&g.t, "22<Enter>");
	assert_shows(&g.t, "BERBEDA lagi");
	terminal_keys(&g.t, "22<Enter>"); /* the keyer's */
	terminal_keys(&g.t, "1f");
	assert_shows(&g.t, "Diperiksa: 3 pertanyaan, 1 salah pengetik, 1 ");
	e = last_event(&g);
	assert_true(str_eq(e.deprecated_id, before));
	assert_true(str_find(e.xml, STR("<umur>22</umur>"), 0) != SIZE_MAX);
	assert_true(str_find(e.xml, STR("<nama>Siti</nama>"), 0) != SIZE_MAX);
	w = counted(&g);
	assert_int_equal(w.n[TALLY_FIELDS], 3);
	assert_int_equal(w.n[TALLY_KEYER], 1);
	assert_int_equal(w.n[TALLY_VERIFIER], 1);
	assert_int_equal(w.n[TALLY_FORMS], 1);
	assert_shows(&g.t, "1 dari 1 isian: 1");
	assert_shows(&g.t, "sudah (dewi)");
	stage_end(&g);
}

static void verifying_goes_on_where_it_was_left(void **state)
{
	struct stage g;

	(void)state;
	stage_begin(&g, form_md);
	keyed(&g);
	terminal_keys(&g.t, "<Enter>Siti<Enter><Esc>");
	assert_shows(&g.t, "dewi  sedang");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, "Siti");
	terminal_keys(&g.t, "<C-R>f");
	assert_shows(&g.t, "belum diketik ulang");
	terminal_keys(&g.t, "20<Enter>1f");
	assert_shows(&g.t, "Diperiksa: 3 pertanyaan");
	stage_end(&g);
}

static void an_empty_answer_is_verified_by_enter(void **state)
{
	struct stage g;

	(void)state;
	stage_begin(&g, form_md);
	terminal_keys(&g.t, "b4Siti<Enter><Enter><Enter>f");
	terminal_keys(
		&g.t,
		"a<Home><Down><Down><Down><Down><Down><Down><Enter><Enter>");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, "BERBEDA");
	terminal_keys(&g.t, "Siti<Enter><Enter><Enter>f");
	assert_shows(&g.t, "Diperiksa: 3 pertanyaan, 0 salah pengetik, 1 ");
	stage_end(&g);
}

static void one_in_so_many_is_the_same_one_every_time(void **state)
{
	struct stage g;
	struct verify_row *first = NULL, *again = NULL;
	size_t n = 0, m = 0;

	(void)state;
	stage_begin(&g, form_md);
	for (int i = 0; i < 40; i++)
		terminal_keys(&g.t, "b4Siti<Enter><C-R>f");
	assert_int_equal(verify_list(g.w.cases, 4, &g.w.arena, &first, &n), 0);
	assert_int_equal(verify_list(g.w.cases, 4, &g.w.arena, &again, &m), 0);
	assert_int_equal(n, m);
	assert_true(n > 0 && n < 40); /* drawn: once in 100,000 runs none */
	for (size_t i = 0; i < n; i++)
		assert_true(str_eq(first[i].instance_id, again[i].instance_id));
	assert_int_equal(verify_set_sample(g.w.cases, 0), ERR_INVALID);
	assert_int_equal(verify_set_sample(g.w.cases, VERIFY_SAMPLE_MAX + 1),
			 ERR_INVALID);
	assert_int_equal(verify_set_sample(g.w.cases, VERIFY_SAMPLE_MAX), 0);
	assert_int_equal(verify_sample(g.w.cases), VERIFY_SAMPLE_MAX);
	stage_end(&g);
}

/* ---- the audit log of ODK */
static const char audit_md[] =
	"| survey |\n"
	"| | type | name | label | constraint | appearance | parameters |\n"
	"| | audit | audit | | | | track-changes=true identify-user=true |\n"
	"| | begin_group | a | A. Orang | | field-list | |\n"
	"| | text | nama | Nama | | | |\n"
	"| | integer | umur | Umur | . < 120 | | |\n"
	"| | end_group | | | | | |\n"
	"| settings |\n"
	"| | form_title | form_id | version |\n"
	"| | AA Uji | uji | 1 |\n";

/* The next row is this event at this node with these answers. */
static void assert_row(struct csv *csv, const char *event, const char *node,
		       const char *was, const char *value)
{
	assert_int_equal(csv_row(csv), 0);
	assert_int_equal(csv->cells.n, 7);
	if (!str_is(csv->cells.at[0], event) ||
	    !str_is(csv->cells.at[1], node) || !str_is(csv->cells.at[4], was) ||
	    !str_is(csv->cells.at[5], value))
		fail_msg("row %zu is %.*s %.*s %.*s %.*s", csv->row,
			 STR_ARG(csv->cells.at[0]), STR_ARG(csv->cells.at[1]),
			 STR_ARG(csv->cells.at[4]), STR_ARG(csv->cells.at[5]));
	assert_int_equal(csv->cells.at[2].n, 13);
	assert_true(str_is(csv->cells.at[6], "dewi"));
}

static void a_form_that_asks_for_it_gets_an_audit_log(void **state)
{
	struct stage g;
	struct event e;
	struct csv csv;

	(void)state;
	stage_begin(&g, audit_md);
	terminal_keys(&g.t, "b4\"Siti, S<Enter>");
	g.w.clock.at += 1500;
	terminal_keys(&g.t, "200<Enter><C-U>20<Enter>");
	assert_shows(&g.t, "Semua benar");
	terminal_keys(&g.t, "f");
	e = last_event(&g);
	assert_true(str_find(e.xml, STR("<audit>audit.csv</audit>"), 0) !=
		    SIZE_MAX);
	csv_init(&csv, e.audit);
	assert_int_equal(csv_row(&csv), 0);
	assert_true(str_starts(e.audit,
			       STR("event,node,start,end,old-value,new-value,"
				   "user\nform start,,")));
	assert_row(&csv, "form start", "", "", "");
	assert_row(&csv, "question", "/data/a/nama", "", "\"Siti, S");
	assert_row(&csv, "constraint error", "/data/a/umur", "", "");
	assert_row(&csv, "question", "/data/a/umur", "", "20");
	assert_row(&csv, "group questions", "/data/a", "", "");
	assert_row(&csv, "end screen", "", "", "");
	assert_row(&csv, "form finalize", "", "", "");
	assert_int_equal(csv_row(&csv), ERR_NOTFOUND);
	csv_release(&csv);
	stage_end(&g);
}

static void the_log_goes_on_in_a_draft_that_was_left(void **state)
{
	struct stage g;
	struct event e;

	(void)state;
	stage_begin(&g, audit_md);
	terminal_keys(&g.t, "b4Siti<Enter><Esc>");
	terminal_close(&g.t);
	world_close(&g.w);
	world_open(&g.w);
	terminal_open(&g.t, 24, 80);
	assert_int_equal(screens_home(g.t.ui, g.w.cases), 0);
	terminal_keys(&g.t, "<Enter>20<Enter>f");
	e = last_event(&g);
	assert_true(str_find(e.audit, STR("\nform exit,,"), 0) != SIZE_MAX);
	assert_true(str_find(e.audit, STR("\nform resume,,"), 0) != SIZE_MAX);
	assert_true(str_find(e.audit, STR(",Siti,dewi\n"), 0) != SIZE_MAX);
	stage_end(&g);
}

/* Nothing can be written for a while: a full disk, a stick pulled out. */
static void what_could_not_be_saved_is_in_the_log(void **state)
{
	struct rlimit was, none;
	struct stage g;
	struct event e;

	(void)state;
	stage_begin(&g, audit_md);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	none = was;
	none.rlim_cur = 0;
	(void)signal(SIGXFSZ, SIG_IGN);
	terminal_keys(&g.t, "b4Siti");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	terminal_keys(&g.t, "<Enter>");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	assert_shows(&g.t, "BELUM tersimpan");
	terminal_keys(&g.t, "20<Enter>f");
	assert_shows(&g.t, "Tersimpan");
	e = last_event(&g);
	assert_true(str_find(e.xml, STR("<nama>Siti</nama>"), 0) != SIZE_MAX);
	assert_true(str_find(e.audit, STR("\nsave error,,"), 0) != SIZE_MAX);
	stage_end(&g);
}

static void a_form_that_does_not_ask_gets_no_log(void **state)
{
	struct stage g;

	(void)state;
	stage_begin(&g, form_md);
	keyed(&g);
	assert_int_equal(last_event(&g).audit.n, 0);
	stage_end(&g);
}

static void a_full_log_takes_no_half_row(void **state)
{
	struct paradata p = { .how = { .wanted = true },
			      .rows = BUF_INIT(PARADATA_MAX) };
	size_t full;

	(void)state;
	for (size_t n = 0; n < PARADATA_MAX / 10; n++)
		paradata_event(&p, "jump", STR(""), 1000);
	full = p.rows.n;
	assert_true(full <= PARADATA_MAX && full > PARADATA_MAX - 20);
	assert_int_equal(p.rows.p[full - 1], '\n');
	paradata_event(&p, "jump", STR(""), 1000);
	assert_int_equal(p.rows.n, full);
	assert_int_equal(p.rows.failed, 0);
	paradata_release(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			keys_answers_and_corrections_of_a_form_are_counted),
		cmocka_unit_test(a_draft_left_and_gone_on_with_is_counted_once),
		cmocka_unit_test(the_screen_of_numbers_groups_by_a_key),
		cmocka_unit_test(rows_are_added_up_by_what_is_asked),
		cmocka_unit_test(a_record_keyed_alike_stands_and_is_marked),
		cmocka_unit_test(
			what_was_said_twice_stands_and_becomes_an_edit),
		cmocka_unit_test(verifying_goes_on_where_it_was_left),
		cmocka_unit_test(an_empty_answer_is_verified_by_enter),
		cmocka_unit_test(one_in_so_many_is_the_same_one_every_time),
		cmocka_unit_test(a_form_that_asks_for_it_gets_an_audit_log),
		cmocka_unit_test(the_log_goes_on_in_a_draft_that_was_left),
		cmocka_unit_test(what_could_not_be_saved_is_in_the_log),
		cmocka_unit_test(a_form_that_does_not_ask_gets_no_log),
		cmocka_unit_test(a_full_log_takes_no_half_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
