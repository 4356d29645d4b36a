/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../lib/stage.h"

/* What a visit writes into `kondisi` is the day of the next one. */
static const char datasets[] =
	"dataset,kind,name,label::id,label::en,order,search,value\n"
	"rumah,menu,k,Rumah,Houses,,,\n"
	"rumah,title,judul,Rumah,House,,,nama\n"
	"rumah,column,nama,Nama,Name,1,name,nama\n"
	"rumah,column,desa,Desa,Village,2,place,desa\n"
	"rumah,due,lagi,Kunjungan,Visit,,,kondisi\n"
	"rumah,action,kunjung,kunjung,visit,n,,visit\n"
	"rumah,action,kunjung,tunda,postpone,z,,postpone\n"
	"warga,title,judul,Warga,Person,,,nama\n"
	"warga,parent,rumah,Rumah,House,,,rumah\n"
	"warga,due,tua,Periksa,Check,,,"
	"\"if(nama = 'Wati', '2026-11-23', '')\"\n";

static struct str house_in(struct stage *g, const char *name,
			   const char *village, const char *due)
{
	struct str id = world_uuid(&g->w);
	struct submission s =
		world_house(&g->w, id, name, "1871010203040003", village);

	world_submit(&g->w, &s);
	s = world_visit(&g->w, id, due, NULL);
	world_submit(&g->w, &s);
	return id;
}

static struct str house(struct stage *g, const char *name, const char *due)
{
	return house_in(g, name, "Palapa", due);
}

static void begin_at(struct stage *g, int rows, int cols)
{
	stage_make(g, datasets);
	terminal_open(&g->t, rows, cols);
}

static void begin(struct stage *g)
{
	begin_at(g, 24, 80);
}

static void what_is_overdue_stands_first(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	house(&g, "Nanti", "2026-12-01");
	house(&g, "Besok", "2026-11-22");
	house(&g, "Hari Ini", "2026-11-21");
	house(&g, "Lewat", "2026-11-11");
	house(&g, "Tanpa", "");
	stage_home(&g);
	assert_shows(&g.t, "   Tindak lanjut jatuh tempo       2    "
			   "hari ini 1 - terlambat 1\n"
			   "   Draf belum selesai");
	assert_shows(&g.t, "\n   21 Nov 2026 Hari Ini, Palapa: Kunjungan (hari "
			   "ini)\n"
			   "   22 Nov 2026 Besok, Palapa: Kunjungan (besok)\n");
	assert_hides(&g.t, "Nanti,"); /* more than a week ahead */
	terminal_keys(&g.t, "t");
	assert_screen(
		&g.t,
		" Tindak lanjut                               "
		"terlambat 1 - hari ini 1 - nanti 2\n"
		"   Tanggal     Kasus             Tempat         Untuk"
		"         Kapan\n"
		" > 11 Nov 2026 Lewat             Palapa         Kunjungan"
		"     terlambat 10 hari\n"
		"   21 Nov 2026 Hari Ini          Palapa         Kunjungan"
		"     hari ini\n"
		"   22 Nov 2026 Besok             Palapa         Kunjungan"
		"     besok\n"
		"    1 Des 2026 Nanti             Palapa         Kunjungan"
		"     10 hari lagi\n\n"
		" Enter buka kasus  d per desa  n kunjung  x tunda  ? bantuan"
		"  Esc kembali\n");
	stage_end(&g);
}

static void who_was_put_off_leaves_the_marker_on_the_next(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	house(&g, "Satu", "2026-11-11");
	house(&g, "Dua", "2026-11-12");
	house(&g, "Tiga", "2026-11-13");
	stage_home(&g);
	terminal_keys(&g.t, "t<Down>n2026-12-24<Enter><C-r>f");
	assert_shows(&g.t, "\n > 13 Nov 2026 Tiga ");
	assert_shows(&g.t, "\n   24 Des 2026 Dua ");
	/* what others do elsewhere does not move it */
	house(&g, "Nol", "2026-11-01");
	terminal_keys(&g.t, "<C-l>");
	assert_shows(&g.t, "\n > 13 Nov 2026 Tiga ");
	stage_end(&g);
}

static void a_narrow_screen_has_names_and_places_rather_than_days(void **state)
{
	struct stage g;

	(void)state;
	begin_at(&g, 16, 60);
	house_in(&g, "Siti Aminah", "Durian Baru", "2026-11-11");
	stage_home(&g);
	terminal_keys(&g.t, "t");
	assert_shows(&g.t, "   Kasus         Tempat     Untuk         Kapan\n"
			   " > Siti Aminah   Durian Bar Kunjungan     "
			   "terlambat 10 hari\n");
	terminal_keys(&g.t, "d");
	assert_shows(&g.t, " > Durian Bar Siti Aminah   Kunjungan     "
			   "terlambat 10 hari\n");
	stage_end(&g);
}

static void the_place_of_a_person_is_that_of_the_house(void **state)
{
	static const char *const people[] = { "Wati" };
	struct submission s;
	struct stage g;

	(void)state;
	begin(&g);
	s = world_family(&g.w, world_uuid(&g.w), "Rumah", people, 1, NULL);
	world_submit(&g.w, &s);
	stage_home(&g);
	terminal_keys(&g.t, "t");
	assert_shows(&g.t, "> 23 Nov 2026 Wati              Palapa         "
			   "Periksa       2 hari lagi\n");
	/* nothing is done with this list: no key for a visit */
	assert_shows(&g.t, " Enter buka kasus  d per desa  ? bantuan  Esc "
			   "kembali\n");
	terminal_keys(&g.t, "n");
	assert_shows(&g.t, " Tindak lanjut  ");
	stage_end(&g);
}

static void enter_opens_the_case_and_n_begins_its_visit(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	house(&g, "Siti Aminah", "2026-11-11");
	stage_home(&g);
	terminal_keys(&g.t, "t<Enter>");
	assert_shows(&g.t, " Siti Aminah   ");
	assert_shows(&g.t, "Riwayat");
	terminal_keys(&g.t, "<Esc>n");
	assert_shows(&g.t, " Kunjung - Siti Aminah");
	terminal_keys(&g.t, "<Esc>");
	assert_shows(&g.t, " Tindak lanjut  ");
	stage_end(&g);
}

static void a_visit_made_takes_the_row_off(void **state)
{
	struct stage g;
	struct submission s;
	struct str id;

	(void)state;
	begin(&g);
	id = house(&g, "Siti Aminah", "2026-11-11");
	stage_home(&g);
	terminal_keys(&g.t, "t");
	assert_shows(&g.t, "Siti Aminah");
	terminal_keys(&g.t, "?");
	assert_shows(&g.t, "Bantuan: Tindak lanjut");
	s = world_visit(&g.w, id, "baik", NULL);
	world_submit(&g.w, &s);
	terminal_keys(&g.t, "<Esc>");
	assert_shows(&g.t, "Tidak ada yang perlu ditindaklanjuti.\n");
	terminal_keys(&g.t, "<Enter>n<Down><Esc>");
	assert_shows(&g.t, "   Tindak lanjut jatuh tempo       0    "
			   "hari ini 0 - terlambat 0\n");
	stage_end(&g);
}

static void others_visits_are_seen_at_the_next_key(void **state)
{
	struct stage g;
	struct submission s;
	struct str id;

	(void)state;
	begin(&g);
	house(&g, "Mawar", "2026-11-12");
	id = house(&g, "Siti Aminah", "2026-11-11");
	stage_home(&g);
	terminal_keys(&g.t, "t<Down>");
	assert_shows(&g.t, " > 12 Nov 2026 Mawar");
	s = world_visit(&g.w, id, "baik", NULL);
	world_submit(&g.w, &s);
	terminal_keys(&g.t, "<C-l>");
	assert_hides(&g.t, "Siti Aminah");
	assert_shows(&g.t, " > 12 Nov 2026 Mawar");
	assert_shows(&g.t, "terlambat 1 - hari ini 0 - nanti 0");
	stage_end(&g);
}

static void one_key_puts_those_of_a_village_together(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	house_in(&g, "Satu", "Kaliawi", "2026-11-11");
	house_in(&g, "Dua", "Palapa", "2026-11-12");
	house_in(&g, "Tiga", "Palapa", "2026-11-20");
	house_in(&g, "Nanti", "Kaliawi", "2026-12-01");
	house_in(&g, "Jauh", "Kaliawi", "2026-12-02");
	stage_home(&g);
	terminal_keys(&g.t, "td");
	/* where most is due stands first, not where most is listed */
	assert_screen(
		&g.t,
		" Tindak lanjut: Palapa                       "
		"terlambat 2 - hari ini 0 - nanti 0\n"
		"   Tempat         Tanggal     Kasus             Untuk"
		"         Kapan\n"
		" > Palapa         12 Nov 2026 Dua               Kunjungan"
		"     terlambat 9 hari\n"
		"                  20 Nov 2026 Tiga              Kunjungan"
		"     terlambat 1 hari\n"
		"   Kaliawi        11 Nov 2026 Satu              Kunjungan"
		"     terlambat 10 hari\n"
		"                   1 Des 2026 Nanti             Kunjungan"
		"     10 hari lagi\n"
		"                   2 Des 2026 Jauh              Kunjungan"
		"     11 hari lagi\n\n"
		" Enter buka kasus  d per tanggal  n kunjung  x tunda  "
		"? bantuan  Esc kembali\n");
	terminal_keys(&g.t, "<Down><Down>");
	assert_shows(&g.t, " Tindak lanjut: Kaliawi                      "
			   "terlambat 1 - hari ini 0 - nanti 2\n");
	terminal_keys(&g.t, "d");
	assert_shows(&g.t, " > 11 Nov 2026 Satu ");
	stage_end(&g);
}

static void one_key_leaves_only_one_village(void **state)
{
	struct stage g;
	struct submission s;
	struct str id;

	(void)state;
	begin(&g);
	id = house_in(&g, "Satu", "Kaliawi", "2026-11-11");
	house_in(&g, "Dua", "Palapa", "2026-11-12");
	stage_home(&g);
	terminal_keys(&g.t, "ts");
	assert_shows(&g.t, " > Kaliawi        11 Nov 2026 Satu ");
	assert_hides(&g.t, "Dua");
	terminal_keys(&g.t, "s");
	assert_shows(&g.t, "   Palapa         12 Nov 2026 Dua ");
	terminal_keys(&g.t, "s?");
	assert_hides(&g.t, "Dua");
	/* with the last one there everything is shown again */
	s = world_visit(&g.w, id, "baik", NULL);
	world_submit(&g.w, &s);
	terminal_keys(&g.t, "<Esc>");
	assert_shows(&g.t, " > Palapa         12 Nov 2026 Dua ");
	stage_end(&g);
}

#define DAY_MS INT64_C(86400000)

static void days_pass(struct stage *g, int64_t days)
{
	g->w.clock.at += days * DAY_MS;
}

static void a_draft_left_lying_is_due_a_week_later(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	house(&g, "Siti Aminah", "2026-12-20");
	stage_home(&g);
	terminal_keys(&g.t, "t");
	terminal_keys(&g.t, "nkurang baik<Enter><Esc><Esc>");
	days_pass(&g, 6);
	terminal_keys(&g.t, "t");
	assert_hides(&g.t, "Draf");
	terminal_keys(&g.t, "<Esc>");
	assert_shows(&g.t, "   Tindak lanjut jatuh tempo       0    ");
	days_pass(&g, 1);
	terminal_keys(&g.t, "t");
	assert_shows(&g.t, " > 28 Nov 2026 Siti Aminah: Kunj Palapa         "
			   "Draf          hari ini\n");
	assert_shows(&g.t, " Enter lanjutkan draf  d per desa  ? bantuan");
	terminal_keys(&g.t, "<Esc>");
	assert_shows(&g.t, "   Tindak lanjut jatuh tempo       1    "
			   "hari ini 1 - terlambat 0\n");
	days_pass(&g, 1);
	terminal_keys(&g.t, "t");
	assert_shows(&g.t, "terlambat 1 hari\n");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, " Kunjung - Siti Aminah");
	assert_shows(&g.t, "kurang baik");
	stage_end(&g);
}

#define T(f) cmocka_unit_test(f)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(what_is_overdue_stands_first),
		T(who_was_put_off_leaves_the_marker_on_the_next),
		T(a_narrow_screen_has_names_and_places_rather_than_days),
		T(the_place_of_a_person_is_that_of_the_house),
		T(enter_opens_the_case_and_n_begins_its_visit),
		T(a_visit_made_takes_the_row_off),
		T(others_visits_are_seen_at_the_next_key),
		T(one_key_puts_those_of_a_village_together),
		T(one_key_leaves_only_one_village),
		T(a_draft_left_lying_is_due_a_week_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
