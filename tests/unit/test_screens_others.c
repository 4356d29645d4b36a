/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pilar/draft.h"

#include "../lib/stage.h"

/* What others save while a screen stands. */
static const char datasets[] =
	"dataset,kind,name,label::id,label::en,order,search,value\n"
	"rumah,menu,k,Rumah,Houses,,,\n"
	"rumah,title,judul,Rumah,House,,,nama\n"
	"rumah,column,nama,Nama,Name,1,name,nama\n"
	"rumah,action,kunjung,kunjung,visit,n,,visit\n"
	"warga,title,judul,Warga,Person,,,nama\n"
	"warga,column,nama,Nama,Name,1,name,nama\n"
	"warga,parent,rumah,Rumah,House,,,rumah\n";

static void visit(struct stage *g, struct str house, const char *condition,
		  const char *name)
{
	struct submission s = world_visit(&g->w, house, condition, name);

	world_submit(&g->w, &s);
}

static void others_changes_are_seen_at_the_next_key(void **state)
{
	struct stage g;
	struct str id;

	(void)state;
	id = stage_family(&g, datasets);
	terminal_keys(&g.t, "<Down>");
	visit(&g, id, "ganti", "Mawar");
	terminal_keys(&g.t, "<Up>");
	assert_shows(&g.t, " Mawar  ");
	assert_shows(&g.t, " > Siti\n");
	terminal_keys(&g.t, "<End>");
	visit(&g, id, "2026-11-25", NULL);
	terminal_keys(&g.t, "<C-l>");
	assert_shows(&g.t, " > 21 Nov 2026   Daftar ");
	terminal_keys(&g.t, "<Esc>/<C-u><Enter>");
	world_put_house(&g.w, "Anyelir", "", "Palapa");
	terminal_keys(&g.t, "<C-l>");
	assert_shows(&g.t, "   Anyelir\n > Mawar\n");
	stage_end(&g);
}

static void others_records_are_counted_at_the_next_key(void **state)
{
	struct stage g;
	struct str id;

	(void)state;
	id = stage_family(&g, datasets);
	terminal_keys(&g.t, "<Esc><Esc>");
	assert_shows(&g.t, "Belum diekspor                  2");
	visit(&g, id, "2026-11-28", NULL);
	terminal_keys(&g.t, "<Down>");
	assert_shows(&g.t, "Belum diekspor                  3");
	stage_end(&g);
}

/* A draft of the visit of that house, begun by another process. */
static struct draft *others_draft(struct stage *g, struct str id,
				  struct session **s)
{
	const struct cases_start how = { .form = STR("kunjung"),
					 .dataset = STR("rumah"),
					 .entity = id };
	struct draft *d = NULL;
	struct ref fixed;

	assert_int_equal(cases_start(g->w.cases, &how, s, &fixed, &g->w.report),
			 0);
	assert_int_equal(draft_new(&d, g->w.cases, *s, how.dataset, id), 0);
	return d;
}

static void others_drafts_are_listed_at_the_next_key(void **state)
{
	struct session *first = NULL, *second = NULL;
	struct draft *a, *b;
	struct stage g;
	struct str id;

	(void)state;
	id = stage_family(&g, datasets);
	terminal_keys(&g.t, "<Esc><Esc>");
	assert_shows(&g.t, "Draf belum selesai              0\n");
	a = others_draft(&g, id, &first);
	terminal_keys(&g.t, "<Down>");
	assert_shows(&g.t, "Draf belum selesai              1");
	g.w.clock.at += 60000;
	terminal_keys(&g.t, "d");
	assert_shows(&g.t,
		     " > Kunjung               Melati            1 isian  "
		     "21 Nov 2026 08.02");
	b = others_draft(&g, id, &second);
	terminal_keys(&g.t, "<C-l>");
	assert_shows(&g.t,
		     "   Kunjung               Melati            1 isian  "
		     "21 Nov 2026 08.03");
	/* the one the marker was on, not the one that came in above it */
	assert_shows(&g.t,
		     " > Kunjung               Melati            1 isian  "
		     "21 Nov 2026 08.02");
	ui_resized(g.t.ui, 16, 60);
	assert_shows(&g.t, " > Kunjung       Melati        21 Nov 08.02  "
			   "1 isian  dibuka\n");
	draft_close(a);
	draft_close(b);
	session_free(first);
	session_free(second);
	stage_end(&g);
}

static void what_others_change_meanwhile_is_told_before_saving(void **state)
{
	struct stage g;
	struct str id;
	size_t before;

	(void)state;
	id = stage_family(&g, datasets);
	terminal_keys(&g.t, "n2026-12-24<Enter>");
	visit(&g, id, "2026-11-30", NULL);
	terminal_keys(&g.t, "<C-r>");
	assert_shows(&g.t, "  1 data kasus ini diubah sejak isian dimulai\n"
			   "    kondisi: 24 Nov 2026 -> 30 Nov 2026  (dewi, ");
	/* again, with the review open */
	g.w.clock.at += 60000;
	visit(&g, id, "2026-12-02", NULL);
	before = cases_event_count(g.w.cases);
	terminal_keys(&g.t, "f");
	assert_shows(&g.t, " Kasus ini baru saja diubah; periksa, lalu tekan f "
			   "lagi\n");
	assert_shows(&g.t, "kondisi: 24 Nov 2026 -> 2 Des 2026  (dewi, ");
	assert_int_equal(cases_event_count(g.w.cases), before);
	terminal_keys(&g.t, "f");
	assert_int_equal(cases_event_count(g.w.cases), before + 1);
	assert_shows(&g.t, " Tersimpan\n");
	stage_end(&g);
}

#define T(f) cmocka_unit_test(f)

/* A heading under which nothing is said is none. */
static void a_summary_stands_under_its_heading_or_not_at_all(void **state)
{
	static const char form[] =
		"| survey |\n"
		"| | type | name | label | relevant | appearance |\n"
		"| | text | isi | Isian | | |\n"
		"| | begin_group | r | R. Ringkasan | | field-list ringkasan "
		"|\n"
		"| | text | ket | Ket | | |\n"
		"| | note | n | Berisi ${isi}. | ${isi} != '' | |\n"
		"| | end_group | | | | |\n"
		"| settings |\n"
		"| | form_title | form_id | version |\n"
		"| | AA Uji | uji | 1 |\n";
	struct stage g;

	(void)state;
	stage_begin(&g, form);
	terminal_keys(&g.t, "b4<C-r>");
	assert_shows(&g.t, "Semua benar");
	assert_hides(&g.t, "R. Ringkasan");
	terminal_keys(&g.t, "<Esc>satu<Enter><C-r>");
	assert_shows(&g.t, "  R. Ringkasan\n    Berisi satu.\n");
	stage_end(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(others_changes_are_seen_at_the_next_key),
		T(others_records_are_counted_at_the_next_key),
		T(others_drafts_are_listed_at_the_next_key),
		T(what_others_change_meanwhile_is_told_before_saving),
		cmocka_unit_test(
			a_summary_stands_under_its_heading_or_not_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
