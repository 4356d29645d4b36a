/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pilar/screens.h"

#include "../lib/expect.h"
#include "../lib/screen.h"
#include "../lib/world.h"

static const char datasets[] =
	"dataset,kind,name,label::id,label::en,order,search,value\n"
	"rumah,menu,k,Rumah,Houses,,,\n"
	"rumah,title,judul,Rumah,House,,,nama\n"
	"rumah,column,nama,Nama,Name,1,name,nama\n"
	"rumah,conflict,,,,,,isi lain\n"
	"rumah,action,kunjung,kunjung,visit,n,,visit\n"
	"rumah,action,putus,putuskan,decide,f,,conflict\n";

/* Asks for the condition by its choices; the name it cannot change. */
static const char form_putus[] =
	"<h:html xmlns=\"http://www.w3.org/2002/xforms\" "
	"xmlns:h=\"http://www.w3.org/1999/xhtml\" "
	"xmlns:jr=\"http://openrosa.org/javarosa\" "
	"xmlns:entities=\"http://www.opendatakit.org/xforms/entities\">"
	"<h:head><h:title>Putus</h:title><model "
	"entities:entities-version=\"2024.1.0\"><instance>"
	"<data id=\"putus\" version=\"1\"><rumah/><isi/><keadaan/><alasan/>"
	"<meta><instanceID/><entity dataset=\"rumah\" id=\"\" update=\"1\" "
	"baseVersion=\"\"/></meta></data></instance>"
	"<instance id=\"rumah\" src=\"jr://file-csv/rumah.csv\"/>"
	"<bind nodeset=\"/data/rumah\" type=\"string\"/>"
	"<bind nodeset=\"/data/isi\" type=\"string\"/>"
	"<bind nodeset=\"/data/keadaan\" type=\"string\" "
	"relevant=\"selected(/data/isi, 'keadaan')\" "
	"entities:saveto=\"kondisi\"/>"
	"<bind nodeset=\"/data/alasan\" type=\"string\"/>"
	"<bind nodeset=\"/data/meta/entity/@id\" calculate=\"/data/rumah\"/>"
	"<bind nodeset=\"/data/meta/entity/@baseVersion\" calculate=\""
	"instance('rumah')/root/item[name=/data/rumah]/__version\"/>"
	"<bind nodeset=\"/data/meta/instanceID\" type=\"string\" "
	"jr:preload=\"uid\"/></model></h:head><h:body>"
	"<select1 ref=\"/data/rumah\"><label>Rumah</label>"
	"<itemset nodeset=\"instance('rumah')/root/item\"><value ref=\"name\"/>"
	"<label ref=\"label\"/></itemset></select1>"
	"<select ref=\"/data/isi\"><label>Isi</label>"
	"<item><label>Keadaan rumah</label><value>keadaan</value></item>"
	"<item><label>Lainnya</label><value>lain</value></item></select>"
	"<select1 ref=\"/data/keadaan\"><label>Keadaan rumah</label>"
	"<item><label>Baik sekali</label><value>baik</value></item>"
	"<item><label>Rusak berat</label><value>ganti</value></item></select1>"
	"<input ref=\"/data/alasan\"><label>Alasan</label></input>"
	"</h:body></h:html>";

struct stage {
	struct world w, other; /* Dewi's; Budi's */
	struct terminal t;
	struct str id;
};

static void as_budi(struct world *w)
{
	const struct worker budi = { .code = STR("budi"), .name = STR("Budi") };

	ok(cases_worker_put(w->cases, &budi));
	cases_close(w->cases);
	ok(cases_open(&w->cases, w->store, &w->clock.sys, STR("budi"),
		      &w->report));
}

static void visit(struct world *w, struct str id, const char *condition,
		  const char *name)
{
	struct submission s = world_visit(w, id, condition, name);

	world_submit(w, &s);
}

/* Two who know the same house; what each of them says of it, if anything. */
static void begin(struct stage *g, const char *mine, const char *my_name,
		  const char *theirs, const char *their_name)
{
	struct submission s;

	world_make_as(&g->w, 21);
	world_make_as(&g->other, 22);
	as_budi(&g->other);
	world_datasets_put(&g->w, datasets);
	ok(cases_form_add(g->w.cases, str_from(form_putus), "putus.xml",
			  &g->w.report));
	ok(cases_refresh(g->w.cases));
	g->id = world_uuid(&g->w);
	s = world_house(&g->w, g->id, "Asal", "", "Palapa");
	world_submit(&g->w, &s);
	world_carry(&g->w, &g->other);
	visit(&g->w, g->id, mine, my_name);
	visit(&g->other, g->id, theirs, their_name);
	world_carry(&g->other, &g->w);
	terminal_open(&g->t, 24, 80);
	ok(screens_home(g->t.ui, g->w.cases));
}

static void end(struct stage *g)
{
	terminal_close(&g->t);
	world_remove(&g->w);
	world_remove(&g->other);
}

static struct str condition_of(struct stage *g)
{
	struct entity e;

	ok(cases_entity(g->w.cases, STR("rumah"), g->id, &g->w.arena, &e));
	return entity_prop_of(&e, STR("kondisi"));
}

/* ---- the list */
static void what_must_be_decided_is_told_at_home_and_listed(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, "baik", NULL, "ganti", "Baru");
	assert_shows(&g.t, "Konflik perlu ditinjau          1");
	terminal_keys(&g.t, "!");
	assert_shows(&g.t, " Konflik");
	assert_shows(&g.t, "1 harus diputuskan");
	assert_shows(&g.t, " > isi berbeda       Rumah           21 Nov 2026");
	terminal_keys(&g.t, "k");
	assert_shows(&g.t, " Riwayat");
	terminal_keys(&g.t, "<Esc>?");
	assert_shows(&g.t, "seseorang harus memutuskan");
	end(&g);
}

static void both_may_stand_and_are_only_looked_at(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, "baik", NULL, "baik", NULL);
	assert_hides(&g.t, "Konflik perlu ditinjau");
	terminal_keys(&g.t, "sk");
	assert_shows(&g.t, "0 harus diputuskan");
	assert_shows(&g.t, " > perlu dilihat");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, "Semua perubahan berlaku");
	end(&g);
}

/* Nothing differs, so there is nothing to decide: it is marked as seen. */
static void what_does_not_differ_is_marked_as_seen(void **state)
{
	struct stage g;
	struct entity e;

	(void)state;
	begin(&g, "baik", NULL, "baik", NULL);
	terminal_keys(&g.t, "skkf");
	assert_shows(&g.t, "Semua perubahan berlaku");
	assert_shows(&g.t, " Enter sudah dilihat  k buka kasus");
	terminal_keys(&g.t, "f");
	assert_shows(&g.t, " Putus - ");
	terminal_keys(&g.t, "<C-r>");
	assert_shows(&g.t, "Tinjau");
	terminal_keys(&g.t, "f");
	ok(cases_entity(g.w.cases, STR("rumah"), g.id, &g.w.arena, &e));
	assert_int_equal(e.conflict, CONFLICT_NONE);
	assert_true(str_is(condition_of(&g), "baik"));
	end(&g);
}

static void only_a_case_with_one_hints_at_deciding(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, "baik", NULL, "ganti", "Baru");
	terminal_keys(&g.t, "!k");
	assert_shows(&g.t, "ISI BERBEDA, putuskan");
	assert_shows(&g.t, "  f putuskan  ");
	world_put_house(&g.w, "Melati", "", "Palapa");
	terminal_keys(&g.t, "<Esc><Esc>/mel<Enter><Enter>");
	assert_shows(&g.t, " Riwayat");
	assert_hides(&g.t, "f putuskan");
	terminal_keys(&g.t, "f");
	assert_shows(&g.t, "Tidak ada isi yang berbeda pada kasus ini");
	terminal_keys(&g.t, "?");
	assert_shows(&g.t, "   f            putuskan\n");
	end(&g);
}

static void without_one_there_is_none(void **state)
{
	struct terminal t;
	struct world w;

	(void)state;
	world_make(&w);
	terminal_open(&t, 24, 80);
	ok(screens_home(t.ui, w.cases));
	terminal_keys(&t, "sk");
	assert_shows(&t, "Tidak ada data yang diubah bersamaan.");
	terminal_keys(&t, "<Enter>");
	assert_shows(&t, " Konflik");
	terminal_close(&t);
	world_remove(&w);
}

/* ---- side by side */
static void both_stand_side_by_side_with_who_and_when(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, "baik", NULL, "ganti", NULL);
	terminal_keys(&g.t, "!<Enter>");
	assert_shows(&g.t, " Asal");
	assert_shows(&g.t, "1 Lebih dulu");
	assert_shows(&g.t, "2 Kemudian (berlaku)");
	assert_shows(&g.t, " > Keadaan rumah");
	assert_shows(&g.t, "Baik sekali");
	assert_shows(&g.t, "Rusak berat");
	assert_shows(&g.t, "saya, 21 Nov 2026");
	assert_shows(&g.t, "budi, 21 Nov 2026");
	assert_shows(&g.t, "   Semula            (kosong)");
	assert_shows(&g.t, "(Kunjung)");
	assert_shows(&g.t,
		     " Enter putuskan  Spasi ganti pilihan  m punya saya");
	end(&g);
}

static void the_one_that_holds_is_marked_and_changed_by_keys(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, "baik", NULL, "ganti", NULL);
	terminal_keys(&g.t, "!<Enter>m");
	assert_shows(&g.t, "[x] Baik sekali");
	assert_shows(&g.t, "[ ] Rusak berat");
	terminal_keys(&g.t, "t");
	assert_shows(&g.t, "[ ] Baik sekali");
	assert_shows(&g.t, "[x] Rusak berat");
	terminal_keys(&g.t, " ");
	assert_shows(&g.t, "[x] Baik sekali");
	terminal_keys(&g.t, " ");
	assert_shows(&g.t, "[x] Rusak berat");
	terminal_keys(&g.t, "1");
	assert_true(strstr(terminal_row(&g.t, 3), "[x]") <
		    strstr(terminal_row(&g.t, 3), "[ ]"));
	terminal_keys(&g.t, "2");
	assert_true(strstr(terminal_row(&g.t, 3), "[x]") >
		    strstr(terminal_row(&g.t, 3), "[ ]"));
	terminal_keys(&g.t, "<Left>");
	assert_true(strstr(terminal_row(&g.t, 3), "[x]") <
		    strstr(terminal_row(&g.t, 3), "[ ]"));
	end(&g);
}

/* ---- deciding */
static void the_decision_is_a_form_that_begins_with_what_was_chosen(
	void **state)
{
	struct stage g;

	(void)state;
	begin(&g, "baik", NULL, "ganti", NULL);
	terminal_keys(&g.t, "!<Enter>m<Enter>");
	assert_shows(&g.t, " Putus - Asal");
	assert_shows(&g.t, "Baik sekali");
	terminal_keys(&g.t, "<C-r>f");
	assert_true(str_is(condition_of(&g), "baik"));
	assert_shows(&g.t, "Tidak ada konflik pada kasus ini.");
	terminal_keys(&g.t, "<Esc>");
	assert_shows(&g.t, "Tidak ada data yang diubah bersamaan.");
	terminal_keys(&g.t, "<Esc>");
	assert_hides(&g.t, "Konflik perlu ditinjau          1");
	end(&g);
}

static void what_the_form_cannot_ask_stays_and_is_said_to(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, "ganti", "Rumah Dewi", "ganti", "Rumah Budi");
	terminal_keys(&g.t, "!<Enter>");
	assert_shows(&g.t, "Isian ini tetap seperti sekarang");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, " Putus - ");
	assert_shows(&g.t, "Lainnya");
	terminal_keys(&g.t, "<C-r>f");
	assert_shows(&g.t, "Tidak ada konflik pada kasus ini.");
	end(&g);
}

static void a_small_screen_shows_them_too(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, "baik", NULL, "ganti", NULL);
	terminal_close(&g.t);
	terminal_open(&g.t, 16, 60);
	ok(screens_home(g.t.ui, g.w.cases));
	terminal_keys(&g.t, "!<Enter>");
	assert_shows(&g.t, " > Keadaan rumah");
	assert_shows(&g.t, "Baik sekali");
	assert_shows(&g.t, "Rusak berat");
	assert_shows(&g.t, "Semula");
	end(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			what_must_be_decided_is_told_at_home_and_listed),
		cmocka_unit_test(both_may_stand_and_are_only_looked_at),
		cmocka_unit_test(what_does_not_differ_is_marked_as_seen),
		cmocka_unit_test(only_a_case_with_one_hints_at_deciding),
		cmocka_unit_test(without_one_there_is_none),
		cmocka_unit_test(both_stand_side_by_side_with_who_and_when),
		cmocka_unit_test(
			the_one_that_holds_is_marked_and_changed_by_keys),
		cmocka_unit_test(
			the_decision_is_a_form_that_begins_with_what_was_chosen),
		cmocka_unit_test(what_the_form_cannot_ask_stays_and_is_said_to),
		cmocka_unit_test(a_small_screen_shows_them_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
