/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pilar/search.h"

#include "../lib/stage.h"

/* A visit writes into `kondisi` which house this one is a double of. */
static const char datasets[] =
	"dataset,kind,name,label::id,label::en,order,search,value\n"
	"rumah,menu,k,Rumah,Houses,,,\n"
	"rumah,title,judul,Rumah,House,,,nama\n"
	"rumah,column,nama,Nama,Name,1,name,nama\n"
	"rumah,column,nomor,Nomor,Number,2,number,nomor\n"
	"rumah,detail,desa,Desa,Village,1,,desa\n"
	"rumah,unique,nomor,Nomor,Number,,,\n"
	"rumah,alike,desa,desa,village,,,desa\n"
	"rumah,merged,kunjung kondisi=,,,,,kondisi\n"
	"rumah,action,daftar,daftar baru,register,b,,new\n"
	"warga,title,judul,Warga,Person,,,nama\n"
	"warga,column,nama,Nama,Name,1,name,nama\n"
	"warga,parent,rumah,Rumah,House,,,rumah\n";

static struct stage g;

static int setup(void **state)
{
	(void)state;
	stage_make(&g, datasets);
	stage_home(&g);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	stage_end(&g);
	return 0;
}

/* Fills the registration up to the review. */
static void fill(const char *name, const char *number, const char *village)
{
	struct str keys =
		arena_printf(&g.w.arena, "%s<Enter>%s<Enter>%s<Enter><C-r>",
			     name, number, village);

	terminal_keys(&g.t, arena_cstr(&g.w.arena, keys));
}

static size_t events(void)
{
	return cases_event_count(g.w.cases);
}

/* What is remarked in the newest event of that house. */
static struct str remarked(struct str id)
{
	struct event *list = NULL;
	struct event_remark *r = NULL;
	size_t n = 0, k = 0;
	struct arena *a = &g.w.arena;

	assert_int_equal(cases_timeline(g.w.cases, id, a, &list, &n), 0);
	assert_true(n > 0);
	assert_int_equal(
		cases_remarks(g.w.cases, list[0].instance_id, a, &r, &k), 0);
	return k ? r[0].text : STR("");
}

static void those_alike_stand_beside_each_other_with_why(void **state)
{
	(void)state;
	stage_house(&g, "Siti Aminah", "1871010203040003", "Palapa");
	stage_house(&g, "Sitti Aminah", "1871010203040099", "Palapa");
	stage_house(&g, "Karto", "1871010203040055", "Palapa");
	terminal_keys(&g.t, "ksiti aminah<Enter>b");
	assert_shows(&g.t, " Mungkin sudah ada  ");
	assert_shows(&g.t, " Akan didaftarkan: siti aminah\n");
	assert_shows(&g.t, " > nama sama               Siti Aminah  ");
	assert_shows(&g.t, "   nama sama               Sitti Aminah ");
	assert_hides(&g.t, "Karto");
	assert_shows(&g.t, "tetap:                         digabung: nama "
			   "sama; desa sama\n");
	assert_shows(&g.t, "   Nama          Siti Aminah                  | "
			   "Sitti Aminah\n");
	assert_shows(&g.t, "   Desa          Palapa                       = "
			   "Palapa\n");
	terminal_keys(&g.t, "<Down>");
	assert_shows(&g.t, "   Nama          Sitti Aminah                 | "
			   "Siti Aminah\n");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, " Sitti Aminah  ");
	assert_shows(&g.t, "Riwayat");
}

static void one_key_merges_and_one_takes_it_back(void **state)
{
	size_t before;

	(void)state;
	stage_house(&g, "Siti Aminah", "1", "Palapa");
	stage_house(&g, "Sitti Aminah", "2", "Palapa");
	before = events();
	terminal_keys(&g.t, "ksiti aminah<Enter>bg");
	assert_shows(&g.t, " Digabung. u membatalkan\n");
	assert_int_equal(events(), before + 1);
	assert_shows(&g.t, "                 tercatat:\n");
	assert_hides(&g.t, "gabung ke kiri");
	terminal_keys(&g.t, "u");
	assert_shows(&g.t, " Dipisah lagi\n");
	assert_shows(&g.t, "digabung: nama sama; desa sama\n");
	terminal_keys(&g.t, "u"); /* nothing more to take back */
	assert_shows(&g.t, "digabung: nama sama; desa sama\n");
}

static void two_that_look_different_are_merged_when_marked(void **state)
{
	(void)state;
	stage_house(&g, "Siti Aminah", "1", "Palapa");
	stage_house(&g, "Siti Rahayu", "2", "Kaliawi");
	terminal_keys(&g.t, "ksiti<Enter>b");
	assert_shows(&g.t, "tercatat:\n");
	assert_hides(&g.t, "gabung ke kiri");
	terminal_keys(&g.t, " <Down>");
	assert_shows(&g.t, "  *kata cocok              Siti Aminah");
	assert_shows(&g.t, "   Nama          Siti Rahayu                  | "
			   "Siti Aminah\n");
	terminal_keys(&g.t, "g");
	assert_shows(&g.t, " Digabung. u membatalkan\n");
}

static void a_case_shows_who_it_may_be(void **state)
{
	(void)state;
	stage_house(&g, "Siti Aminah", "77", "Palapa");
	stage_house(&g, "Karto", "1", "Palapa");
	stage_house(&g, "Aminah", "77", "Kaliawi");
	terminal_keys(&g.t, "kkarto<Enter><Enter>k");
	assert_shows(&g.t, " Tidak ada yang mungkin kembar\n");
	terminal_keys(&g.t, "<Esc><Esc>ksiti<Enter><Enter>k");
	assert_shows(&g.t, " Mungkin sama dengan: Siti Aminah\n");
	assert_shows(&g.t, " > Nomor sama              Aminah ");
	assert_hides(&g.t, "lanjut, bukan");
	/* the case stays, unless they are turned round */
	assert_shows(&g.t, "   Nama          Siti Aminah                  | "
			   "Aminah\n");
	terminal_keys(&g.t, "t");
	assert_shows(&g.t, "   Nama          Aminah                       | "
			   "Siti Aminah\n");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, " Aminah  ");
	terminal_keys(&g.t, "<Esc>t");
	assert_shows(&g.t, "   Nama          Siti Aminah                  | "
			   "Aminah\n");
	terminal_keys(&g.t, "g");
	assert_shows(&g.t, " Digabung. u membatalkan\n");
}

static void one_goes_on_with_a_reason_that_is_in_the_record(void **state)
{
	struct str id;
	struct alike *like = NULL;
	struct entity e;
	size_t n = 0, before;

	(void)state;
	id = stage_house(&g, "Siti Aminah", "1", "Palapa");
	before = events();
	terminal_keys(&g.t, "ksiti aminah<Enter>bl<Enter>");
	assert_shows(&g.t, " tulis alasannya dulu\n");
	terminal_keys(&g.t, "l");
	assert_shows(&g.t, " Mengapa bukan salah satu dari ini?\n");
	terminal_keys(&g.t, "orang lain<Enter>");
	assert_shows(&g.t, " Daftar  ");
	fill("Siti Aminah", "2", "Kaliawi");
	assert_shows(&g.t, "    seluruh isian                           Mirip "
			   "yang sudah ada, tetapi lain:\n");
	terminal_keys(&g.t, "f");
	assert_int_equal(events(), before + 1);
	assert_int_equal(
		cases_entity(g.w.cases, STR("rumah"), id, &g.w.arena, &e), 0);
	assert_int_equal(cases_alike_name(g.w.cases, STR("rumah"), e.label,
					  &g.w.arena, &like, &n),
			 0);
	assert_int_equal(n, 2);
	id = str_eq(like[0].id, id) ? like[1].id : like[0].id;
	assert_true(str_is(remarked(id),
			   "Mirip yang sudah ada, tetapi lain: orang lain"));
}

static void what_is_keyed_is_compared_before_it_is_saved(void **state)
{
	size_t before;

	(void)state;
	stage_house(&g, "Siti Aminah", "1", "Palapa");
	stage_house(&g, "Karto Wiryo", "55", "Kaliawi");
	before = events();
	terminal_keys(&g.t, "kbudi<Enter>b");
	fill("Budi", "55", "Palapa");
	terminal_keys(&g.t, "f");
	assert_shows(&g.t, " Belum disimpan: Budi\n");
	assert_shows(&g.t, " > Nomor sama              Karto Wiryo ");
	assert_hides(&g.t, "Siti Aminah");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, "Riwayat");
	terminal_keys(&g.t, "<Esc><Esc>");
	assert_shows(&g.t, "Tekan f untuk menyimpan.");
	assert_int_equal(events(), before);
	terminal_keys(&g.t, "flnomor salah ketik dulu<Enter>");
	assert_int_equal(events(), before + 1);
}

static void what_is_keyed_is_saved_and_merged_at_one_key(void **state)
{
	size_t before;

	(void)state;
	stage_house(&g, "Siti Aminah", "1", "Palapa");
	before = events();
	terminal_keys(&g.t, "ksitti<Enter>blx<Enter>");
	fill("Siti Aminha", "2", "Palapa");
	terminal_keys(&g.t, "f");
	assert_shows(&g.t, " > nama mirip; desa sama   Siti Aminah");
	terminal_keys(&g.t, "g");
	assert_int_equal(events(), before + 2);
	assert_shows(&g.t, " digabung ke kasus ini\n");
	assert_shows(&g.t, "# nama mirip; desa sama\n");
}

static void a_name_alone_does_not_stop_the_saving(void **state)
{
	size_t before;

	(void)state;
	stage_house(&g, "Siti Aminah", "1", "Palapa");
	before = events();
	terminal_keys(&g.t, "kzz<Enter>b");
	fill("Siti Aminah", "2", "");
	terminal_keys(&g.t, "f");
	assert_int_equal(events(), before + 1);
	assert_shows(&g.t, " Tersimpan\n");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(those_alike_stand_beside_each_other_with_why),
		T(one_key_merges_and_one_takes_it_back),
		T(two_that_look_different_are_merged_when_marked),
		T(a_case_shows_who_it_may_be),
		T(one_goes_on_with_a_reason_that_is_in_the_record),
		T(what_is_keyed_is_compared_before_it_is_saved),
		T(what_is_keyed_is_saved_and_merged_at_one_key),
		T(a_name_alone_does_not_stop_the_saving),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
