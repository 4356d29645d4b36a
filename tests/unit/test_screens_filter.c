/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../lib/stage.h"

static const char datasets[] =
	"dataset,kind,name,label::id,label::en,order,search,value\n"
	"rumah,menu,k,Rumah,Houses,,,\n"
	"rumah,title,judul,Rumah,House,,,nama\n"
	"rumah,column,nama,Nama,Name,1,name,nama\n"
	"rumah,detail,cerita,Cerita,Story,1,,desa\n"
	"rumah,filter,baru,Belum dikunjungi,Not visited,1,,kondisi=\n"
	"rumah,filter,rusak,Rumah rusak,Broken,2,,kondisi=rusak\n"
	"rumah,action,kunjung kondisi=baik,sudah baik,is good,j,,visit\n"
	"warga,title,judul,Warga,Person,,,nama\n"
	"warga,menu,w,Warga,Persons,,,\n"
	"warga,column,nama,Nama,Name,1,name,nama\n";

static void house(struct stage *g, const char *name, const char *condition,
		  const char *story)
{
	struct str id = world_uuid(&g->w);
	struct submission s = world_house(&g->w, id, name, "1", story);

	world_submit(&g->w, &s);
	if (!*condition)
		return;
	s = world_visit(&g->w, id, condition, NULL);
	world_submit(&g->w, &s);
}

static void begin(struct stage *g)
{
	stage_make(g, datasets);
	house(g, "Satu", "rusak", "Palapa");
	house(g, "Dua", "baik",
	      "Ditemui tiga kali, selalu di ladang; tetangga bilang mereka "
	      "baru kembali sesudah panen, sekitar bulan Maret");
	house(g, "Tiga", "", "Palapa");
	stage_home(g);
}

static void one_key_asks_what_is_often_asked(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	terminal_keys(&g.t, "k<Enter>s");
	assert_shows(&g.t, "Belum dikunjungi\n");
	assert_shows(&g.t, "Rumah rusak\n");
	terminal_keys(&g.t, "rus<Enter>");
	assert_shows(&g.t, " / kondisi=rusak\n");
	assert_shows(&g.t, " > Satu\n");
	assert_hides(&g.t, "Dua");
	/* one goes on with it as with one's own */
	terminal_keys(&g.t, "s<Enter>");
	assert_shows(&g.t, " / kondisi=\n");
	assert_shows(&g.t, " > Tiga\n");
	assert_hides(&g.t, "Satu");
	terminal_keys(&g.t, "s<Esc>");
	assert_shows(&g.t, " > Tiga\n");
	stage_end(&g);
}

static void a_list_without_questions_has_no_key_for_them(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	terminal_keys(&g.t, "w<Enter>s");
	assert_hides(&g.t, "Saring");
	stage_end(&g);
}

static void what_is_long_goes_on_below_itself(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	terminal_keys(&g.t, "kdua<Enter><Enter>");
	assert_shows(&g.t, "   Cerita: Ditemui tiga kali, selalu di ladang; "
			   "tetangga bilang mereka baru\n"
			   "   kembali sesudah panen, sekitar bulan Maret\n\n");
	stage_end(&g);
}

static void one_begins_behind_what_the_key_has_answered(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	terminal_keys(&g.t, "ksatu<Enter><Enter>j");
	terminal_keys(&g.t, "atap sudah diganti");
	assert_shows(&g.t, "[baik ");
	assert_shows(&g.t, "[atap sudah diganti ");
	stage_end(&g);
}

/* ---- others save while a question stands */
static void a_question_takes_in_what_others_save_at_the_next_key(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	terminal_keys(&g.t, "kkondisi=rusak<Enter>");
	assert_shows(&g.t, " 3 - 1 cocok");
	assert_shows(&g.t, " > Satu");
	house(&g, "Empat", "rusak", "Palapa");
	terminal_keys(&g.t, "<Down>");
	assert_shows(&g.t, " 4 - 2 cocok");
	assert_shows(&g.t, "   Empat");
	assert_shows(&g.t, " > Satu"); /* the marker stays on its row */
	stage_end(&g);
}

/* A slow machine: each look at the clock is a second later. */
static int64_t a_second_later(void *self)
{
	struct sys_fixed *clock = self;

	return clock->at += 1000;
}

static void a_question_that_takes_long_is_not_asked_at_each_key(void **state)
{
	struct stage g;
	int64_t before;

	(void)state;
	begin(&g);
	g.w.clock.sys.now = a_second_later;
	terminal_keys(&g.t, "kkondisi=rusak<Enter>");
	assert_shows(&g.t, " - 1 cocok");
	before = g.w.clock.at;
	house(&g, "Empat", "rusak", "Palapa");
	g.w.clock.at = before;
	terminal_keys(&g.t, "<Down>");
	assert_shows(&g.t, " - 1 cocok");
	g.w.clock.at += 60000;
	terminal_keys(&g.t, "<Down>");
	assert_shows(&g.t, " - 2 cocok");
	stage_end(&g);
}

#define T(f) cmocka_unit_test(f)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(one_key_asks_what_is_often_asked),
		T(a_list_without_questions_has_no_key_for_them),
		T(what_is_long_goes_on_below_itself),
		T(one_begins_behind_what_the_key_has_answered),
		T(a_question_takes_in_what_others_save_at_the_next_key),
		T(a_question_that_takes_long_is_not_asked_at_each_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
