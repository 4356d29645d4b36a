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
	"rumah,due,lagi,Kunjungan,Visit,,,kondisi\n"
	"rumah,action,kunjung,kunjung,visit,n,,visit\n"
	"rumah,action,daftar,daftar baru,register,b,,new\n"
	"rumah,action,kunjung,tunda,postpone,x,,postpone\n"
	"warga,title,judul,Warga,Person,,,nama\n"
	"warga,column,nama,Nama,Name,1,name,nama\n"
	"warga,parent,rumah,Rumah,House,,,rumah\n"
	"warga,due,tua,Periksa,Check,,,"
	"\"if(nama = 'Wati', '2026-11-19', '')\"\n"
	"warga,action,pindah,pindah,move,p,,event\n"
	"warga,action,pindah,jenguk,look in,n,,visit\n";

static void a_case_has_members_what_is_due_and_what_was(void **state)
{
	struct stage g;

	(void)state;
	stage_family(&g, datasets);
	assert_screen(
		&g.t,
		" Melati                                                 "
		"                  Rumah\n"
		"\n Warga (2)\n"
		" > Siti\n"
		"   Wati\n\n"
		" Tindak lanjut\n"
		"   19 Nov 2026   Periksa             Wati                 "
		"   terlambat 2 hari\n"
		"   24 Nov 2026   Kunjungan           Melati               "
		"   3 hari lagi\n\n"
		" Riwayat\n"
		"   21 Nov 2026   Kunjung                               "
		"dewi      belum diekspor\n"
		"   21 Nov 2026   Daftar                                "
		"dewi      belum diekspor\n\n"
		" Enter buka  . semua  n kunjung  p pindah  x tunda  ? bantuan"
		"  Esc kembali\n");
	stage_end(&g);
}

/* Of twenty none is lost; what stands in front of them is shown first. */
static void every_detail_is_shown(void **state)
{
	struct buf csv = BUF_INIT(10000);
	struct stage g;

	(void)state;
	stage_family(&g, datasets);
	buf_adds(&csv, datasets);
	for (int i = 1; i <= 20; i++)
		buf_addf(&csv, "rumah,detail,r%d,R%d,R%d,%d,,'isi %d'\n", i, i,
			 i, i, i);
	buf_adds(&csv, "rumah,detail,pesan,Pesan,Message,0,,'NIK salah'\n");
	world_datasets_put(&g.w, arena_cstr(&g.w.arena, buf_str(&csv)));
	assert_int_equal(cases_refresh(g.w.cases), 0);
	terminal_keys(&g.t, "<Esc><Esc>kmel<Enter><Enter>");
	assert_shows(&g.t, "\n   Pesan: NIK salah   R1: isi 1 ");
	assert_shows(&g.t, "R20: isi 20");
	assert_shows(&g.t, "Warga (2)");
	buf_release(&csv);
	stage_end(&g);
}

static void who_was_searched_for_is_shown_and_stands_first(void **state)
{
	struct stage g;

	(void)state;
	stage_family(&g, datasets);
	terminal_keys(&g.t, "<Esc><Esc>kwat");
	assert_shows(&g.t, "   Melati  ");
	assert_shows(&g.t, "Warga: Wati\n");
	terminal_keys(&g.t, "<Enter><Enter>");
	assert_shows(&g.t, " > Wati\n");
	terminal_keys(&g.t, "<Up>");
	assert_shows(&g.t, " > Siti\n");
	stage_end(&g);
}

static void what_cannot_be_asked_is_said_with_what_can(void **state)
{
	struct stage g;

	(void)state;
	stage_family(&g, datasets);
	terminal_keys(&g.t, "<Esc><Esc>kumur=3");
	assert_shows(&g.t, "   umur: tidak ada isian bernama itu\n"
			   "   Yang bisa ditanya: nama\n");
	assert_hides(&g.t, "Coba lebih sedikit huruf");
	terminal_keys(&g.t, "<C-u>nama=mel*");
	assert_shows(&g.t, "   Melati\n");
	terminal_keys(&g.t, "<Enter>=");
	assert_shows(&g.t, "   Yang bisa ditanya: nama\n");
	terminal_keys(&g.t, "<C-u>nama==zzz");
	assert_shows(&g.t, "Tidak ada yang cocok.\n");
	assert_hides(&g.t, "Belum tercatat");
	terminal_keys(&g.t, "<C-u>nama==mel*");
	assert_shows(&g.t, "   Melati");
	terminal_keys(&g.t, "<Esc>/nama=mel*");
	assert_shows(&g.t, "nama: isian hanya bisa ditanya di dalam satu "
			   "daftar\n");
	stage_end(&g);
}

static void the_last_act_is_taken_back_where_one_stands(void **state)
{
	struct stage g;
	struct submission s;
	struct str id;

	(void)state;
	id = stage_family(&g, datasets);
	s = world_visit(&g.w, id, "ganti", "Mawar");
	world_submit(&g.w, &s);
	terminal_keys(&g.t, "z");
	assert_shows(&g.t, " Tarik Kunjung (");
	assert_shows(&g.t, "), Mawar? (y/t)\n");
	terminal_keys(&g.t, "t");
	assert_shows(&g.t, " Mawar  ");
	terminal_keys(&g.t, "zy");
	assert_shows(&g.t, " Melati  ");
	assert_shows(&g.t, " Ditarik: isiannya menjadi draf lagi\n");
	terminal_keys(&g.t, "<Esc>z");
	assert_shows(&g.t, " Tarik Kunjung (");
	terminal_keys(&g.t, "y<Esc><Esc>d");
	assert_shows(&g.t, "Draf                                              "
			   "                           2\n");
	stage_end(&g);
}

/* That it made the case that stands open is no second message. */
static void a_case_that_is_taken_back_says_so(void **state)
{
	struct stage g;

	(void)state;
	stage_make(&g, datasets);
	stage_house(&g, "Melati", "", "Palapa");
	stage_home(&g);
	terminal_keys(&g.t, "kmel<Enter><Enter>zy");
	assert_shows(&g.t, " Kasus tidak ditemukan\n");
	assert_shows(&g.t, " Ditarik: isiannya menjadi draf lagi\n");
	stage_end(&g);
}

static void who_changed_what_is_told_in_words(void **state)
{
	struct stage g;

	(void)state;
	stage_family(&g, datasets);
	terminal_keys(&g.t, "w");
	assert_shows(&g.t, " > 21 Nov 2026  dewi        kondisi ");
	assert_shows(&g.t, "\n   kondisi: 24 Nov 2026\n");
	assert_shows(&g.t, "\n   Dari: Kunjung\n");
	terminal_keys(&g.t, "<Esc><Enter>w");
	assert_shows(&g.t, "\n   rumah: Melati\n"); /* not its id */
	assert_shows(&g.t, "\n   Dari: Daftar\n");
	stage_end(&g);
}

static void what_was_begun_is_offered_before_it_is_begun_again(void **state)
{
	struct stage g;

	(void)state;
	stage_family(&g, datasets);
	terminal_keys(&g.t, "nhujan<Enter><Esc>n");
	assert_shows(&g.t, " Ada draf 21 Nov 2026 ");
	assert_shows(&g.t, ", 2 isian. Lanjutkan? (y/t)\n");
	terminal_keys(&g.t, "y");
	assert_shows(&g.t, "Kondisi                          [hujan ");
	terminal_keys(&g.t, "<Esc>nt");
	assert_shows(&g.t, "Kondisi                          [      ");
	terminal_keys(&g.t, "<Esc><Down>p"); /* another form */
	assert_shows(&g.t, " Pindah - Wati");
	stage_end(&g);
}

static void an_old_record_is_edited_where_its_form_lets_one(void **state)
{
	struct stage g;

	(void)state;
	stage_family(&g, datasets);
	terminal_keys(&g.t, "<End>v");
	assert_hides(&g.t, "perbaiki isian"); /* not that form */
	terminal_keys(&g.t, "<Esc><Up>v");
	assert_shows(&g.t, "e perbaiki isian");
	terminal_keys(&g.t, "e");
	assert_shows(&g.t, " Perbaikan mengubah isian ini saja; yang lama "
			   "tetap disimpan\n");
	terminal_keys(&g.t, "2026-11-29<Enter><C-r>");
	assert_shows(&g.t, "    Perbaikan mengubah isian ini saja");
	terminal_keys(&g.t, "f");
	assert_shows(&g.t, " Tersimpan\n");
	assert_shows(&g.t, "Perbaikan Kunjung                     "
			   "dewi      belum diekspor\n");
	assert_shows(&g.t, " > 21 Nov 2026   Kunjung                       "
			   "        dewi      diperbaiki\n");
	assert_shows(&g.t, "24 Nov 2026   Kunjungan");
	terminal_keys(&g.t, "v");
	assert_shows(&g.t, " Isian ini sudah diperbaiki\n");
	assert_hides(&g.t, "perbaiki isian");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, " Perbaikan atas isian sebelumnya\n");
	assert_shows(&g.t, "e perbaiki isian");
	stage_end(&g);
}

static void a_long_menu_stands_side_by_side_on_a_short_screen(void **state)
{
	struct buf csv = BUF_INIT(10000);
	struct stage g;

	(void)state;
	stage_make(&g, NULL);
	buf_adds(&csv, "dataset,kind,name,label::id,label::en,order,search,"
		       "value\n");
	for (char c = 'e'; c <= 'j'; c++)
		buf_addf(&csv, "list_%c,menu,%c,Daftar %c,List %c,,,\n", c, c,
			 c, c);
	world_datasets_put(&g.w, arena_cstr(&g.w.arena, buf_str(&csv)));
	assert_int_equal(cases_refresh(g.w.cases), 0);
	terminal_open(&g.t, 16, 60);
	stage_home(&g);
	assert_shows(&g.t,
		     "   e  Daftar e                   b  Formulir baru\n");
	assert_shows(&g.t, "  Kunci layar\n");
	ui_resized(g.t.ui, 24, 80);
	assert_shows(&g.t, "   x  Kunci layar                juga ^X");
	buf_release(&csv);
	stage_end(&g);
}

static void who_left_the_lists_is_marked_wherever_it_is_found(void **state)
{
	struct buf csv = BUF_INIT(10000);
	struct stage g;

	(void)state;
	stage_family(&g, datasets);
	buf_adds(&csv, datasets);
	buf_adds(&csv, "rumah,closed,pindah,pindah,moved,1,,"
		       "kondisi != ''\n");
	world_datasets_put(&g.w, arena_cstr(&g.w.arena, buf_str(&csv)));
	assert_int_equal(cases_refresh(g.w.cases), 0);
	terminal_keys(&g.t, "<Esc><Esc>/melati");
	assert_shows(&g.t, "   Rumah         Melati, pindah\n");
	terminal_keys(&g.t, "<Esc>kwati");
	assert_shows(&g.t, "Warga: Wati, pindah\n");
	buf_release(&csv);
	stage_end(&g);
}

static void what_would_be_begun_in_vain_says_so(void **state)
{
	struct buf csv = BUF_INIT(10000);
	struct stage g;

	(void)state;
	stage_family(&g, datasets);
	buf_adds(&csv, datasets);
	buf_adds(&csv, "rumah,action,kunjung,pisah,part,h,,part\n"
		       "rumah,action,kunjung,putuskan,decide,f,,conflict\n");
	world_datasets_put(&g.w, arena_cstr(&g.w.arena, buf_str(&csv)));
	assert_int_equal(cases_refresh(g.w.cases), 0);
	terminal_keys(&g.t, "h");
	assert_shows(&g.t, " Tidak ada catatan yang digabung ke kasus ini\n");
	terminal_keys(&g.t, "f");
	assert_shows(&g.t, " Tidak ada isi yang berbeda pada kasus ini\n");
	assert_shows(&g.t, "Riwayat");
	buf_release(&csv);
	stage_end(&g);
}

static void a_key_of_the_member_works_on_its_row(void **state)
{
	struct stage g;

	(void)state;
	stage_family(&g, datasets);
	terminal_keys(&g.t, "<Down>p");
	assert_shows(&g.t, " Pindah - Wati");
	terminal_keys(&g.t, "<Esc><End>");
	assert_shows(&g.t, " Enter buka  n kunjung  x tunda  v lihat isian");
	terminal_keys(&g.t, "p");
	assert_shows(&g.t, " Melati");
	stage_end(&g);
}

static void a_key_that_both_have_is_the_case_s(void **state)
{
	struct stage g;

	(void)state;
	stage_family(&g, datasets);
	terminal_keys(&g.t, "n");
	assert_shows(&g.t, " Kunjung - Melati");
	stage_end(&g);
}

static void one_key_lists_every_action_and_whose(void **state)
{
	struct stage g;

	(void)state;
	stage_family(&g, datasets);
	terminal_keys(&g.t, ".");
	assert_shows(&g.t, "n  kunjung - Rumah: Melati\n");
	assert_shows(&g.t, "x  tunda - Rumah: Melati\n");
	assert_shows(&g.t, "p  pindah - Warga: Siti\n");
	assert_shows(&g.t, "   jenguk - Warga: Siti\n");
	terminal_keys(&g.t, "jen");
	assert_hides(&g.t, "tunda - Rumah");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, " Pindah - Siti");
	stage_end(&g);
}

static void in_the_list_the_key_typed_stands_first(void **state)
{
	struct stage g;

	(void)state;
	stage_family(&g, datasets);
	terminal_keys(&g.t, ".p<Enter>");
	assert_shows(&g.t, " Pindah - Siti");
	stage_end(&g);
}

static void t_goes_to_what_is_due_and_enter_to_whom(void **state)
{
	struct stage g;

	(void)state;
	stage_family(&g, datasets);
	terminal_keys(&g.t, "t");
	assert_shows(&g.t, " > 19 Nov 2026   Periksa ");
	terminal_keys(&g.t, "p");
	assert_shows(&g.t, " Pindah - Wati");
	terminal_keys(&g.t, "<Esc><Enter>");
	assert_shows(&g.t, " Wati  ");
	assert_shows(&g.t, "n jenguk");
	terminal_keys(&g.t, "i");
	assert_shows(&g.t, " Warga (2)");
	stage_end(&g);
}

static void a_case_is_begun_where_nothing_is_found(void **state)
{
	struct stage g;

	(void)state;
	stage_family(&g, datasets);
	terminal_keys(&g.t, "<Esc>/xyz<Enter>b");
	assert_shows(&g.t, " Daftar ");
	stage_end(&g);
}

/* Two questions, of which the second is asked once the first says so. */
static void what_was_searched_for_stands_in_the_form(void **state)
{
	static const char form[] =
		"| survey |\n"
		"| | type | name | label | relevant | constraint |\n"
		"| | text | nomor | Nomor | | regex(., '^[0-9]+$') |\n"
		"| | text | mau | Mau? | | |\n"
		"| | text | nama | Nama | ${mau} = 'ya' | |\n";
	static const char rows[] =
		"rumah,title,judul,Rumah,House,,,nama\n"
		"rumah,menu,k,Rumah,Houses,,,\n"
		"rumah,column,nama,Nama,Name,1,name,nama\n"
		"rumah,action,uji,daftar,register,b,,new\n"
		"rumah,typed,nama,,,,,\"if(number(typed) > 0, '', "
		"typed_name)\"\n"
		"rumah,typed,nomor,,,,,\"if(number(typed) > 0, typed, '')\"\n"
		"rumah,typed,tiada,,,,,typed\n";
	struct buf csv = BUF_INIT(10000);
	struct stage g;

	(void)state;
	buf_addf(&csv,
		 "dataset,kind,name,label::id,label::en,order,search,"
		 "value\n%s",
		 rows);
	stage_make(&g, NULL);
	world_datasets_put(&g.w, arena_cstr(&g.w.arena, buf_str(&csv)));
	stage_form(&g, str_from(form));
	stage_house(&g, "Melati", "", "Palapa");
	stage_home(&g);
	terminal_keys(&g.t, "ksiti aminah<Enter>b");
	assert_hides(&g.t, "Siti");
	terminal_keys(&g.t, "<C-t>");
	assert_shows(&g.t, "Tidak ada yang dibatalkan");
	terminal_keys(&g.t, "7<Enter>ya<Enter>");
	assert_shows(&g.t, "Nama                             ?Siti Aminah ");
	terminal_keys(&g.t, "<Esc>");
	/* the same after the draft was left, and it can be changed */
	terminal_keys(&g.t, "<Esc><Esc>d<Enter>");
	assert_shows(&g.t, "?Siti Aminah ");
	terminal_keys(&g.t, "<C-u>Budi<Enter><C-r>f");
	assert_true(str_find(stage_saved(&g), STR("<nama>Budi</nama>"), 0) !=
		    SIZE_MAX);
	terminal_keys(&g.t, "<Esc><Esc><Esc>k<C-u>1234<Enter>b");
	assert_shows(&g.t, "Nomor                            ?1234 ");
	terminal_keys(&g.t, "<Enter>tidak<Enter><C-r>f");
	assert_true(str_find(stage_saved(&g), STR("nama>"), 0) == SIZE_MAX);
	buf_release(&csv);
	stage_end(&g);
}

#define T(f) cmocka_unit_test(f)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_case_has_members_what_is_due_and_what_was),
		T(every_detail_is_shown),
		T(who_was_searched_for_is_shown_and_stands_first),
		T(what_cannot_be_asked_is_said_with_what_can),
		T(the_last_act_is_taken_back_where_one_stands),
		T(a_case_that_is_taken_back_says_so),
		T(who_changed_what_is_told_in_words),
		T(what_was_begun_is_offered_before_it_is_begun_again),
		T(an_old_record_is_edited_where_its_form_lets_one),
		T(a_long_menu_stands_side_by_side_on_a_short_screen),
		T(who_left_the_lists_is_marked_wherever_it_is_found),
		T(what_would_be_begun_in_vain_says_so),
		T(a_key_of_the_member_works_on_its_row),
		T(a_key_that_both_have_is_the_case_s),
		T(one_key_lists_every_action_and_whose),
		T(in_the_list_the_key_typed_stands_first),
		T(t_goes_to_what_is_due_and_enter_to_whom),
		T(a_case_is_begun_where_nothing_is_found),
		T(what_was_searched_for_stands_in_the_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
