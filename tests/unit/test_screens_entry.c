/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pilar/draft.h"
#include "pilar/keying.h"

#include "../lib/stage.h"

/* A form with what entry must show; `%s` is its style. */
static const char form_md[] =
	"| survey |\n"
	"| | type | name | label | required | relevant | constraint | "
	"calculation | default | appearance | readonly |\n"
	"| | begin_group | a | A. Orang | | | | | | field-list | |\n"
	"| | text | nama | Nama | yes | | | | | | |\n"
	"| | text | desa | Desa | | | | | Kaliawi | | |\n"
	"| | integer | umur | Umur | | | . < 120 or . = 998 | | | "
	"unknown998 | |\n"
	"| | text | asal | Asal | | | | | Lampung | | yes |\n"
	"| | select_one yt | kerja | Bekerja | | | | | | | |\n"
	"| | text | tempat | Tempat kerja | | ${kerja} = '1' | | | | | |\n"
	"| | text | catat | Lain | | | | | | refused | |\n"
	"| | end_group | | | | | | | | | |\n"
	"| | begin_repeat | anak | B. Anak | | | | | | | |\n"
	"| | text | siapa | Nama anak | | | | | | | |\n"
	"| | integer | usia | Usia | | | | | | | |\n"
	"| | end_repeat | | | | | | | | | |\n"
	"| | begin_group | c | C. Penutup | | | | | | field-list | |\n"
	"| | text | tutup | Kata penutup | | | | | | | |\n"
	"| | acknowledge | yakin | Kata yang panjang: benar? | yes | "
	"string-length(${tutup}) > 9 | | | | | |\n"
	"| | end_group | | | | | | | | | |\n"
	"| choices |\n"
	"| | list_name | name | label |\n"
	"| | yt | 1 | Ya |\n"
	"| | yt | 2 | Tidak |\n"
	"| settings |\n"
	"| | form_title | form_id | version | style |\n"
	"| | AA Uji | uji | 1 | %s |\n";

/* The form stands open at its first question. */
static void begin(struct stage *g, const char *style)
{
	stage_make(g, NULL);
	stage_form(g, arena_printf(&g->w.arena, form_md, style));
	stage_home(g);
	terminal_keys(&g->t, "b");
	assert_shows(&g->t, "   4   AA Uji");
	terminal_keys(&g->t, "4");
}

/* The program ends without a word and is started again, in the draft. */
static void start_again(struct stage *g)
{
	stage_again(g);
	terminal_keys(&g->t, "<Enter>");
}

static void assert_at(struct stage *g, const char *label)
{
	int row, col;

	terminal_cursor(&g->t, &row, &col);
	if (!strstr(terminal_row(&g->t, row), label))
		fail_msg("the cursor is not at %s but at\n%s", label,
			 terminal_screen(&g->t));
}

/* ---- how questions stand */
static void signs_say_how_questions_stand(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, "");
	assert_shows(&g.t, "   Nama *                           [   ");
	assert_shows(&g.t, "   Desa                             ?Kaliawi   ");
	assert_shows(&g.t, " = Asal: Lampung\n");
	terminal_keys(&g.t, "<Enter><Enter>");
	assert_shows(&g.t, "   Nama *                           -   ");
	assert_shows(&g.t, "   Desa                             [Kaliawi   ");
	terminal_keys(&g.t, "200<Enter>");
	assert_shows(&g.t, "!  Umur                             [200  ");
	terminal_keys(&g.t, "<C-n>tidak yakin<Enter>");
	assert_shows(&g.t, "!# Umur                             [200  ");
	/* and so they do where one jumps to them, by number or words */
	terminal_keys(&g.t, "<C-f>");
	assert_shows(&g.t, "1 -   Nama\n");
	assert_shows(&g.t, "3 !   Umur\n");
	assert_shows(&g.t, "5 ~ Tempat kerja\n");
	terminal_keys(&g.t, "4<Enter>");
	assert_at(&g, "Bekerja");
	terminal_keys(&g.t, "<C-f>penut<Enter>");
	assert_at(&g, "Kata penutup");
	stage_end(&g);
}

static void what_the_form_filled_in_is_replaced_by_typing(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, "");
	terminal_keys(&g.t, "Siti<Enter>Palapa<Enter><C-p>");
	assert_shows(&g.t, "   Desa                             [Palapa   ");
	terminal_keys(&g.t, "<Enter><C-p> Baru<Enter>"); /* one's own is not */
	assert_shows(&g.t,
		     "   Desa                             [Palapa Baru   ");
	stage_end(&g);
}

/* ---- two ways to fill a form */
static void the_title_says_how_the_form_is_filled(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, "");
	assert_shows(&g.t, " wawancara  hal. 1/3\n");
	assert_hides(&g.t, "dilewati");
	terminal_keys(&g.t, "<C-o>c");
	assert_shows(&g.t, " kertas  hal. 1/3\n");
	assert_shows(&g.t, " ~ dilewati: Tempat kerja\n");
	stage_end(&g);
	begin(&g, "kertas");
	assert_shows(&g.t, " kertas  hal. 1/3\n");
	stage_end(&g);
}

static void back_retraces_the_way_of_a_visit(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, "");
	terminal_keys(&g.t, "Siti<Enter><C-f>penut<Enter>");
	assert_at(&g, "Kata penutup");
	terminal_keys(&g.t, "<C-p>");
	assert_at(&g, "Desa");
	terminal_keys(&g.t, "<C-p>");
	assert_at(&g, "Nama");
	terminal_keys(&g.t, "<C-p>");
	assert_shows(&g.t, "Ini awal formulir");
	stage_end(&g);
	begin(&g, "kertas"); /* there it goes by the order of the form */
	terminal_keys(&g.t, "Siti<Enter><C-f>lain<Enter><C-p>");
	assert_at(&g, "Bekerja");
	stage_end(&g);
}

static void the_empty_and_the_failing_are_found(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, "kertas");
	terminal_keys(&g.t, "<Enter><Enter>200<Enter><Enter><C-o>k");
	assert_at(&g, "Nama");
	terminal_keys(&g.t, "<C-o>s");
	assert_at(&g, "Umur");
	terminal_keys(&g.t, "<C-o>s");
	assert_at(&g, "Nama");
	assert_shows(&g.t, "! wajib diisi");
	stage_end(&g);
}

static void one_key_ends_the_part_or_the_table(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, "kertas");
	terminal_keys(&g.t, "Siti<C-q>");
	assert_shows(&g.t, " B. Anak\n");
	terminal_keys(&g.t, "+Ani<C-q>");
	assert_at(&g, "Kata penutup");
	terminal_keys(&g.t, "<PgUp>/");
	assert_at(&g, "Kata penutup");
	stage_end(&g);
}

/* ---- remarks, special answers */
static void remarks_are_reviewed_and_leave_with_the_record(void **state)
{
	struct remark *remarks = NULL;
	struct stage g;
	size_t n = 0;

	(void)state;
	begin(&g, "");
	terminal_keys(&g.t, "Siti<Enter><C-n>menurut tetangga<Enter>");
	assert_shows(&g.t, "Catatan disimpan");
	start_again(&g);
	assert_shows(&g.t, " # Desa ");
	terminal_keys(&g.t, "<C-n>");
	assert_shows(&g.t, "Catatan: menurut tetangga");
	terminal_keys(&g.t, "<Esc><C-r>");
	assert_shows(&g.t, "  1 catatan\n");
	assert_shows(&g.t, "Desa                                    "
			   "menurut tetangga\n");
	terminal_keys(&g.t, "f");
	assert_shows(&g.t, "Tersimpan");
	assert_int_equal(
		keying_remarks_of(stage_saved(&g), &g.w.arena, &remarks, &n),
		0);
	assert_int_equal(n, 1);
	assert_true(str_ends(remarks[0].path, STR("/a/desa")));
	assert_true(str_is(remarks[0].text, "menurut tetangga"));
	/* the record can still be looked into, and copied from */
	terminal_keys(&g.t, "b4<C-y>");
	assert_shows(&g.t, "[Siti   ");
	stage_end(&g);
}

static void special_answers_stand_where_the_form_allows(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, "");
	terminal_keys(&g.t, "<C-o>t");
	assert_shows(&g.t, "tidak punya jawaban khusus");
	terminal_keys(&g.t, "<Enter><Enter><C-o>m");
	assert_shows(&g.t, "tidak punya jawaban khusus");
	terminal_keys(&g.t, "<C-o>t");
	assert_shows(&g.t, "   Umur                             [998  ");
	assert_at(&g, "Bekerja");
	/* one without a value of its own: empty, and a remark says why */
	terminal_keys(&g.t, "2x<C-o>t");
	assert_shows(&g.t, "tidak punya jawaban khusus");
	terminal_keys(&g.t, "<C-o>m");
	assert_shows(&g.t, "B. Anak");
	terminal_keys(&g.t, "<C-p>");
	assert_shows(&g.t, "# Lain                             -");
	terminal_keys(&g.t, "<C-g>"); /* and the help says how */
	assert_shows(&g.t, "Menolak menjawab: ^O lalu m.");
	terminal_keys(&g.t, "<Esc>");
	terminal_keys(&g.t, "<C-o>m<C-r>"); /* nothing is said twice */
	assert_shows(&g.t, "Lain                                    menolak "
			   "menjawab\n");
	stage_end(&g);
}

/* ODK's own way: a required acknowledgement that is relevant when something is
 * unlikely. */
static void a_soft_warning_is_confirmed_with_one_key_and_recorded(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, "");
	terminal_keys(&g.t, "Siti<C-f>penut<Enter>pendek<Enter>");
	assert_shows(&g.t, "Tinjau: AA Uji");
	terminal_keys(&g.t, "<Esc><C-u>panjang sekali<Enter>");
	assert_at(&g, "Kata yang panjang: benar?");
	terminal_keys(&g.t, "<C-r>");
	assert_shows(&g.t, "Kata yang panjang: benar?               wajib");
	terminal_keys(&g.t, "<Enter>y");
	assert_shows(&g.t, "Tinjau: AA Uji");
	terminal_keys(&g.t, "f");
	assert_shows(&g.t, "Tersimpan");
	assert_true(str_find(stage_saved(&g), STR("<yakin>OK</yakin>"), 0) !=
		    SIZE_MAX);
	stage_end(&g);
}

/* ---- a stack of paper */
static void the_next_form_of_a_stack_follows_at_once(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, "kertas");
	terminal_keys(&g.t, "Siti<Enter>Palapa<C-o>i");
	assert_shows(&g.t, " + Desa                             [Palapa  ");
	terminal_keys(&g.t, "<C-r>f");
	assert_shows(&g.t, "Tersimpan");
	assert_shows(&g.t, " kertas 2  hal. 1/3\n");
	assert_shows(&g.t, " + Desa                             ?Palapa  ");
	assert_at(&g, "Nama");
	terminal_keys(&g.t, "<C-y>"); /* as in the one before */
	assert_shows(&g.t, "   Nama *                           [Siti  ");
	terminal_keys(&g.t, "<C-r>f");
	assert_shows(&g.t, " kertas 3  hal. 1/3\n");
	assert_int_equal(cases_event_count(g.w.cases), 2);
	terminal_keys(&g.t, "<Esc>");
	assert_shows(&g.t, "Draf belum selesai              0");
	stage_end(&g);
}

static void a_row_copies_from_the_row_above(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, "kertas");
	terminal_keys(&g.t, "Siti<C-q>+Ani<Enter>12<Enter>+Budi<Enter><C-y>");
	assert_shows(&g.t, "2   Budi                 12");
	stage_end(&g);
}

static void rows_are_inserted_and_sorted_and_that_is_undone(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, "kertas");
	terminal_keys(&g.t,
		      "Siti<C-q>+Citra<Enter>12<C-n>kembar<Enter><Enter>"
		      "+Ani<Enter>7<Enter><Esc><Home>i Budi<Enter>9<Esc>");
	assert_shows(&g.t, "1   Budi                 9\n");
	assert_shows(&g.t, "2   Citra               #12\n");
	terminal_keys(&g.t, "u");
	assert_shows(&g.t, "1   Ani                  7\n");
	assert_shows(&g.t, "Diurutkan menurut Nama anak");
	terminal_keys(&g.t, "u"); /* numbers by value */
	assert_shows(&g.t, "2   Budi                 9\n");
	assert_shows(&g.t, "3   Citra               #12\n");
	/* the remark went with its row, also when that goes and comes back */
	terminal_keys(&g.t, "<C-r>");
	assert_shows(&g.t, "Citra: Usia                             kembar");
	terminal_keys(&g.t, "<Esc><Home><Down><Down>-y<C-r>");
	assert_hides(&g.t, "kembar");
	terminal_keys(&g.t, "<Esc><C-t><C-r>");
	assert_shows(&g.t, "Citra: Usia                             kembar");
	terminal_keys(&g.t, "<Esc><C-t>");
	/* and what was reached by a person stayed so: no question mark */
	assert_shows(&g.t, "1   Budi                 9\n");
	assert_shows(&g.t, "2   Citra               #12\n");
	assert_shows(&g.t, "3   Ani                  7\n");
	start_again(&g); /* and so it is on the disk */
	terminal_keys(&g.t, "<C-f>nama anak<Enter><Esc>");
	assert_shows(&g.t, "1   Budi                 9\n");
	assert_shows(&g.t, "2   Citra               #12\n");
	terminal_keys(&g.t, "<Home>-y");
	assert_shows(&g.t, "1   Citra               #12\n");
	assert_shows(&g.t, "2   Ani                  7\n");
	terminal_keys(&g.t, "iDodo");
	assert_shows(&g.t, "1   Dodo\n"); /* nobody was at its age yet */
	assert_shows(&g.t, "2   Citra               #12\n");
	stage_end(&g);
}

/* A hint for a key that does nothing would be a lie. */
static void a_table_of_a_set_length_has_no_keys_for_others(void **state)
{
	static const char counted[] =
		"| survey |\n"
		"| | type | name | label | repeat_count |\n"
		"| | begin_repeat | baris | Baris | 2 |\n"
		"| | text | isi | Isi | |\n"
		"| | end_repeat | | | |\n"
		"| settings |\n"
		"| | form_title | form_id | version |\n"
		"| | AA Uji | uji | 1 |\n";
	struct stage g;

	(void)state;
	stage_begin(&g, counted);
	terminal_keys(&g.t, "b4");
	assert_shows(&g.t, " Enter buka  ^P mundur ");
	assert_hides(&g.t, "tambah");
	terminal_keys(&g.t, "+-");
	assert_shows(&g.t, "\n > 1 ");
	stage_end(&g);
}

static void what_the_form_filled_in_is_rubbed_out_from_its_end(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, "");
	terminal_keys(&g.t, "<Enter><BS>");
	assert_shows(&g.t, "   Desa                             ?Kaliaw   ");
	terminal_keys(&g.t, "<C-u>Palapa<Enter>");
	assert_shows(&g.t, "   Desa                             [Palapa   ");
	stage_end(&g);
	begin(&g, "");
	terminal_keys(&g.t, "<Enter><C-u><Enter>");
	assert_hides(&g.t, "Kaliawi ");
	stage_end(&g);
}

static void a_number_that_begins_a_longer_one_waits(void **state)
{
	static const char form[] = "| survey |\n"
				   "| | type | name | label |\n"
				   "| | text | isi | Isi |\n"
				   "| settings |\n"
				   "| | form_title | form_id | version |\n"
				   "| | ZZ Uji %d | zz%d | 1 |\n";
	struct stage g;

	(void)state;
	stage_make(&g, NULL);
	for (int i = 4; i <= 12; i++)
		stage_form(&g, arena_printf(&g.w.arena, form, 10 + i, 10 + i));
	stage_home(&g);
	terminal_keys(&g.t, "b1");
	assert_shows(&g.t, " Formulir baru");
	terminal_keys(&g.t, "1");
	assert_shows(&g.t, " ZZ Uji 21 ");
	terminal_keys(&g.t, "<Esc>b5");
	assert_shows(&g.t, " ZZ Uji 15 ");
	/* there is no 17th */
	terminal_keys(&g.t, "<Esc>b17");
	assert_shows(&g.t, " ZZ Uji 17 ");
	terminal_keys(&g.t, "<Esc>b1<Enter>");
	assert_shows(&g.t, " Daftar ");
	stage_end(&g);
}

static void a_list_says_that_it_goes_on(void **state)
{
	struct buf form = BUF_INIT(10000);
	struct stage g;

	(void)state;
	buf_adds(&form, "| survey |\n"
			"| | type | name | label | appearance |\n"
			"| | select_one c | s | Satu | minimal |\n"
			"| choices |\n"
			"| | list_name | name | label |\n");
	for (int i = 0; i < 30; i++)
		buf_addf(&form, "| | c | kode%d | Pilihan %d |\n", i, i);
	buf_adds(&form, "| settings |\n"
			"| | form_title | form_id | version |\n"
			"| | AA Uji | uji | 1 |\n");
	stage_make(&g, NULL);
	stage_form(&g, buf_str(&form));
	stage_home(&g);
	terminal_keys(&g.t, "b4 ");
	assert_shows(&g.t, "PgDn lainnya");
	terminal_keys(&g.t, "<End><PgDn><PgDn><PgDn>");
	assert_shows(&g.t, "Pilihan 29");
	assert_hides(&g.t, "PgDn lainnya");
	terminal_keys(&g.t, "pilihan 17");
	assert_hides(&g.t, "PgDn lainnya");
	buf_release(&form);
	stage_end(&g);
}

static void what_no_row_is_asked_is_no_column(void **state)
{
	static const char form[] =
		"| survey |\n"
		"| | type | name | label | relevant | repeat_count |\n"
		"| | select_one yt | mau | Mau? | | |\n"
		"| | begin_repeat | baris | Baris | | 2 |\n"
		"| | text | nama | Nama | | |\n"
		"| | text | satu | Satu | ${mau} = '1' | |\n"
		"| | text | dua | Dua | ${mau} = '2' | |\n"
		"| | end_repeat | | | | |\n"
		"| choices |\n"
		"| | list_name | name | label |\n"
		"| | yt | 1 | Ya |\n"
		"| | yt | 2 | Tidak |\n"
		"| settings |\n"
		"| | form_title | form_id | version |\n"
		"| | AA Uji | uji | 1 |\n";
	struct stage g;

	(void)state;
	stage_begin(&g, form);
	terminal_keys(&g.t, "b42");
	assert_shows(&g.t, "Dua\n");
	assert_hides(&g.t, "Satu");
	terminal_keys(&g.t, "<C-p>1");
	assert_shows(&g.t, "Satu\n");
	assert_hides(&g.t, "Dua");
	stage_end(&g);
}

static void the_place_in_the_form_is_whole_on_a_narrow_screen(void **state)
{
	struct buf form = BUF_INIT(10000);
	struct stage g;

	(void)state;
	buf_adds(&form, "| survey |\n"
			"| | type | name | label | appearance |\n"
			"| | begin_group | a | A. Kasus | field-list |\n");
	for (int i = 0; i < 12; i++)
		buf_addf(&form, "| | text | t%d | Isian %d | |\n", i, i);
	buf_adds(&form, "| | end_group | | | |\n"
			"| settings |\n"
			"| | form_title | form_id | version |\n"
			"| | AA Peristiwa keluarga yang panjang | uji | 1 |\n");
	stage_make(&g, NULL);
	terminal_open(&g.t, 16, 60);
	stage_form(&g, buf_str(&form));
	stage_home(&g);
	terminal_keys(&g.t, "b4");
	assert_shows(&g.t, "  hal. 1/1 (1/2)\n");
	ui_resized(g.t.ui, 16, 80);
	assert_shows(&g.t, "  wawancara  hal. 1/1 (1/2)\n");
	buf_release(&form);
	stage_end(&g);
}

static void a_page_on_which_all_is_given_is_passed_by(void **state)
{
	static const char form[] =
		"| survey |\n"
		"| | type | name | label | appearance |\n"
		"| | begin_group | a | A. Kasus | field-list |\n"
		"| | select_one_from_file rumah.csv | r | Rumah | minimal |\n"
		"%s"
		"| | end_group | | | |\n"
		"| | begin_group | b | B. Isi | field-list |\n"
		"| | text | isi | Isian | |\n"
		"| | end_group | | | |\n"
		"| settings |\n"
		"| | form_title | form_id | version |\n"
		"| | AA Uji | uji | %d |\n";
	static const char *const notes[] = { "", "| | note | n | Baca | |\n" };
	static const char rows[] =
		"dataset,kind,name,label::id,label::en,order,search,value\n"
		"rumah,menu,k,Rumah,Houses,,,\n"
		"rumah,title,judul,Rumah,House,,,nama\n"
		"rumah,column,nama,Nama,Name,1,name,nama\n"
		"rumah,action,uji,uji,test,n,,visit\n";
	struct stage g;

	(void)state;
	for (int i = 0; i < 2; i++) {
		stage_make(&g, rows);
		stage_form(&g, arena_printf(&g.w.arena, form, notes[i], i + 1));
		stage_house(&g, "Melati", "", "Palapa");
		stage_home(&g);
		terminal_keys(&g.t, "kmel<Enter><Enter>n");
		/* what is to be read is not */
		assert_shows(&g.t, i ? " A. Kasus\n" : " B. Isi\n");
		terminal_keys(&g.t, i ? "<Enter>" : "");
		assert_shows(&g.t, " B. Isi\n");
		stage_end(&g);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_table_of_a_set_length_has_no_keys_for_others),
		cmocka_unit_test(
			the_place_in_the_form_is_whole_on_a_narrow_screen),
		cmocka_unit_test(what_no_row_is_asked_is_no_column),
		cmocka_unit_test(a_number_that_begins_a_longer_one_waits),
		cmocka_unit_test(a_list_says_that_it_goes_on),
		cmocka_unit_test(a_page_on_which_all_is_given_is_passed_by),
		cmocka_unit_test(
			what_the_form_filled_in_is_rubbed_out_from_its_end),
		cmocka_unit_test(signs_say_how_questions_stand),
		cmocka_unit_test(what_the_form_filled_in_is_replaced_by_typing),
		cmocka_unit_test(the_title_says_how_the_form_is_filled),
		cmocka_unit_test(back_retraces_the_way_of_a_visit),
		cmocka_unit_test(the_empty_and_the_failing_are_found),
		cmocka_unit_test(one_key_ends_the_part_or_the_table),
		cmocka_unit_test(
			remarks_are_reviewed_and_leave_with_the_record),
		cmocka_unit_test(special_answers_stand_where_the_form_allows),
		cmocka_unit_test(
			a_soft_warning_is_confirmed_with_one_key_and_recorded),
		cmocka_unit_test(the_next_form_of_a_stack_follows_at_once),
		cmocka_unit_test(a_row_copies_from_the_row_above),
		cmocka_unit_test(
			rows_are_inserted_and_sorted_and_that_is_undone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
