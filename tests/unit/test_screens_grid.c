/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../lib/stage.h"

/* A form keyed from paper whose people stand in a table. */
static const char form_md[] =
	"| survey |\n"
	"| | type | name | label | required | relevant | constraint | "
	"constraint_message | appearance |\n"
	"| | text | kepala | Kepala | | | | | |\n"
	"| | begin_repeat | org | B. Orang | | | | | |\n"
	"| | begin_group | a | Diri | | | | | field-list |\n"
	"| | text | nama | Nama | yes | | | | |\n"
	"| | select_one jk | jk | Jenis kelamin | | | | | |\n"
	"| | text | nik | NIK | | | | | numbers len4 masked |\n"
	"| | integer | umur | Umur | | | . < 120 | Umur di bawah 120. | |\n"
	"| | end_group | | | | | | | |\n"
	"| | begin_group | b | Lain | | | | | field-list |\n"
	"| | note | tua | Sudah lanjut usia. | | ${umur} > 59 | | | |\n"
	"| | select_one yt | hamil | Hamil | | ${jk} = '2' | | | |\n"
	"| | select_multiple sakit | sakit | Sakit | | | | | |\n"
	"| | date | lahir | Tanggal lahir | | | | | |\n"
	"| | text | cerita | Cerita | | | | | multiline |\n"
	"| | select_one yt | kerja | Bekerja | | | | | |\n"
	"| | begin_repeat | usaha | Usaha | | ${kerja} = 'ya' and ${umur} = 33 "
	"| | | |\n"
	"| | text | jenis | Jenis usaha | | | | | |\n"
	"| | integer | hasil | Hasil | | | | | |\n"
	"| | end_repeat | | | | | | | |\n"
	"| | end_group | | | | | | | |\n"
	"| | end_repeat | | | | | | | |\n"
	"| | text | tutup | Penutup | | | | | |\n"
	"| choices |\n"
	"| | list_name | name | label |\n"
	"| | yt | ya | Ya |\n"
	"| | yt | tidak | Tidak |\n"
	"| | jk | 1 | Laki-laki |\n"
	"| | jk | 2 | Perempuan |\n"
	"| | sakit | 1 | Batuk |\n"
	"| | sakit | 2 | Demam |\n"
	"| | sakit | 10 | Lain |\n"
	"| settings |\n"
	"| | form_title | form_id | version | style |\n"
	"| | AA Uji | uji | 1 | %s |\n";

struct size {
	int rows, cols;
	bool counting;
};

/* The form stands open in its table. */
static void begin_in(struct stage *g, const char *style, struct size z)
{
	stage_make(g, NULL);
	stage_form(g, arena_printf(&g->w.arena, form_md, style));
	if (z.counting)
		terminal_open_counting(&g->t, z.rows, z.cols);
	else
		terminal_open(&g->t, z.rows, z.cols);
	stage_home(g);
	terminal_keys(&g->t, "b4Siti<Enter>");
	assert_shows(&g->t, "B. Orang");
}

static void begin(struct stage *g)
{
	begin_in(g, "kertas", (struct size){ 24, 80, false });
}

static void start_again(struct stage *g)
{
	stage_again(g);
	terminal_keys(&g->t, "<Enter>");
}

static void assert_saved(struct stage *g, const char *part)
{
	struct str xml = stage_saved(g);

	if (str_find(xml, str_from(part), 0) == SIZE_MAX)
		fail_msg("%s is not in\n%.*s", part, STR_ARG(xml));
}

static void assert_cursor(struct stage *g, int row, int col)
{
	int y, x;

	terminal_cursor(&g->t, &y, &x);
	if (y != row || x != col)
		fail_msg("the cursor is at %d, %d in\n%s", y, x,
			 terminal_screen(&g->t));
}

/* ---- keying */
static void two_people_are_keyed_without_leaving_the_table(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	/* name, sex, number, age, [pregnant,] ill, born, story, works */
	terminal_keys(&g.t, "Ani<Enter>21234"
			    "30<Enter>22<Enter>12071996<Enter>1");
	assert_shows(&g.t, " > 2");
	terminal_keys(&g.t, "Budi<Enter>19876"
			    "7<Enter><Enter>");
	terminal_keys(&g.t, "01022019<Enter>2<Enter>");
	assert_shows(&g.t, "Penutup");
	terminal_keys(&g.t, "<C-r>f");
	assert_saved(&g, "<nama>Ani</nama><jk>2</jk><nik>1234</nik>"
			 "<umur>30</umur>");
	assert_saved(&g, "<hamil>tidak</hamil><sakit>2</sakit>"
			 "<lahir>1996-07-12</lahir><cerita/><kerja>ya</kerja>");
	assert_saved(&g, "<nama>Budi</nama><jk>1</jk><nik>9876</nik>"
			 "<umur>7</umur>");
	assert_saved(&g, "<sakit/><lahir>2019-02-01</lahir>");
	stage_end(&g);
}

static void the_table_says_what_codes_mean_and_what_is_skipped(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	assert_shows(&g.t, "       Nama                 Jenis  NIK  Umur");
	assert_shows(&g.t, "                            kelami");
	assert_shows(&g.t, " Jenis kelamin  1 Laki-laki  2 Perempuan\n");
	assert_shows(&g.t, " Hamil  1 Ya  2 Tidak\n"); /* codes 1, 2 */
	terminal_keys(&g.t, "Ani<Enter>1");
	/* the number is masked, the pregnancy of a man is not asked */
	terminal_keys(&g.t, "123");
	assert_shows(&g.t,
		     " > 1   Ani                  1      ***           ~");
	terminal_keys(&g.t, "4<Enter>");
	assert_shows(&g.t, "1      ****-         ~");
	stage_end(&g);
}

static void an_answer_that_fails_says_so_once_and_is_marked(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	terminal_keys(&g.t, "Ani<Enter>1<Enter>130<Enter>");
	assert_shows(&g.t, "Umur di bawah 120.");
	assert_shows(&g.t, "!130");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, "!130");
	terminal_keys(&g.t, "<C-r>");
	assert_shows(&g.t, "Ani: Umur                               Umur di");
	terminal_keys(&g.t, "<Enter>"); /* back in its cell */
	assert_shows(&g.t, "Esc baris");
	terminal_keys(&g.t, "<C-u>60<Enter>");
	assert_shows(&g.t, " 60 ");
	assert_shows(&g.t, "Sudah lanjut usia.\n"); /* what the form says */
	stage_end(&g);
}

static void a_long_question_opens_as_a_page_and_comes_back(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	terminal_keys(&g.t, "Ani<Enter>1<Enter>30<Enter><Enter><Enter>");
	terminal_keys(&g.t, "Pindah dari desa");
	assert_shows(&g.t, "Lain\n");
	assert_shows(&g.t, "-Pindah dari desa");
	terminal_keys(&g.t, "<Esc>1");
	assert_shows(&g.t, " > 2"); /* that was the last cell of the row */
	terminal_keys(&g.t, "<C-r>");
	terminal_keys(&g.t, "f");
	assert_saved(&g, "<cerita>Pindah dari desa</cerita><kerja>ya</kerja>");
	stage_end(&g);
}

static void a_table_within_a_row_opens_and_comes_back(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	terminal_keys(&g.t,
		      "Ani<Enter>1<Enter>33<Enter><Enter><Enter><Enter>1");
	assert_shows(&g.t, "+ membuka daftar ini, Enter melewatinya");
	assert_shows(&g.t, "1   Ani");
	terminal_keys(&g.t, "+");
	assert_shows(&g.t, "Jenis usaha");
	terminal_keys(&g.t, "Warung<Enter>100<Enter>Ojek<Enter>50<Enter>");
	assert_shows(&g.t, "2   Ojek                 50");
	terminal_keys(&g.t, "<Enter>"); /* that list is done */
	assert_shows(&g.t, " > 2");     /* it was the last cell of the row */
	terminal_keys(&g.t, "Budi<Enter><C-p><C-p>");
	assert_shows(&g.t, "> 1   Ani");
	assert_shows(&g.t, " 2 "); /* two of them */
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, "> 2   Budi");
	terminal_keys(&g.t, "<C-r>f");
	assert_saved(&g, "<usaha><jenis>Warung</jenis><hasil>100</hasil>"
			 "</usaha><usaha><jenis>Ojek</jenis><hasil>50</hasil>");
	stage_end(&g);
}

/* ---- moving */
static void arrows_go_from_cell_to_cell_and_edit_inside_one(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	terminal_keys(&g.t, "Ani<Enter>1<Enter>30<Enter><Down>Bud<Enter>2");
	assert_cursor(&g, 5, 35); /* the number of the second */
	terminal_keys(&g.t, "<Up>");
	assert_cursor(&g, 4, 35);
	terminal_keys(&g.t, "<Left><Left>");
	assert_cursor(&g, 4, 10); /* behind the name */
	terminal_keys(&g.t, "<Left><Left>y<Down>");
	assert_shows(&g.t, "1   Ayni");
	terminal_keys(&g.t, "<End>i<Right>");
	assert_shows(&g.t, "2   Budi");
	assert_cursor(&g, 5, 28);
	terminal_keys(&g.t, "<C-p><C-p>"); /* the last cell of the row above */
	terminal_keys(&g.t, "2");
	assert_cursor(&g, 5, 11);
	stage_end(&g);
}

static void enter_on_the_empty_row_ends_the_table(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	terminal_keys(&g.t, "Ani<Down><Enter>");
	assert_shows(&g.t, "Penutup");
	terminal_keys(&g.t, "<C-p>");
	assert_shows(&g.t, " > 2");
	terminal_keys(&g.t, "/");
	assert_shows(&g.t, "Penutup");
	terminal_keys(&g.t, "<C-p>Budi<C-q>"); /* also from within a row */
	assert_shows(&g.t, "Penutup");
	terminal_keys(&g.t, "<C-f>budi<Enter>");
	assert_shows(&g.t, "2   Budi");
	terminal_keys(&g.t, "<C-u>Tua<Enter>1<Enter>60<Enter><C-f>sudah lan");
	terminal_keys(&g.t, "<Enter>"); /* a note stands in no cell */
	assert_shows(&g.t, "> 2   Tua");
	stage_end(&g);
}

static void rows_come_go_and_are_sorted_from_within_a_cell(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	terminal_keys(&g.t, "Citra<Down>Budi<Up><C-o>i");
	assert_shows(&g.t, "Hanya untuk pertanyaan di luar daftar");
	terminal_keys(&g.t, "<C-o>b");
	terminal_keys(&g.t, "Ani<C-o>u");
	assert_shows(&g.t, "Diurutkan menurut Nama");
	assert_shows(&g.t, "> 1   Ani");
	assert_shows(&g.t, "  2   Budi");
	assert_shows(&g.t, "  3   Citra");
	terminal_keys(&g.t, "<Down><C-o>h");
	assert_shows(&g.t, "Hapus Budi dari daftar ini?");
	terminal_keys(&g.t, "y");
	assert_shows(&g.t, "> 2   Citra");
	assert_hides(&g.t, "Budi");
	terminal_keys(&g.t, "<C-t>"); /* all of it can be undone */
	assert_shows(&g.t, "2   Budi");
	stage_end(&g);
}

static void a_visit_looks_at_pages_and_may_go_into_the_cells(void **state)
{
	struct stage g;

	(void)state;
	begin_in(&g, "theme-grid", (struct size){ 24, 80, false });
	assert_hides(&g.t, "ketik untuk menambah");
	terminal_keys(&g.t, "<Home>kAni<Enter>2<Esc>");
	assert_shows(&g.t, "Perempuan"); /* the table in words again */
	terminal_keys(&g.t, "<Home><Enter>");
	assert_shows(&g.t, "Diri"); /* a page */
	stage_end(&g);
}

static void a_table_is_keyed_a_second_time_without_seeing_it(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	terminal_keys(&g.t, "Ani<Enter>1123430<Enter><Enter><Enter><Enter>1");
	terminal_keys(&g.t, "<Enter>Amin<Enter><C-r>f<Esc>");
	terminal_keys(&g.t, "a<Home><Down><Down><Down><Down><Down><Down><Enter>"
			    "<Enter>Siti<Enter>");
	assert_shows(&g.t, "verifikasi");
	assert_shows(&g.t, "> 1");
	assert_hides(&g.t, "Ani");
	assert_hides(&g.t, "****");
	terminal_keys(&g.t, "Ani<Enter>2");
	assert_shows(&g.t, "BERBEDA");
	terminal_keys(&g.t, "2"); /* said twice: the keyer's mistake */
	assert_shows(&g.t, "1   Ani                  2");
	terminal_keys(&g.t, "1234");
	assert_shows(&g.t, "2      ****");
	terminal_keys(&g.t, "30<Enter><Enter><Enter><Enter><Enter>1");
	assert_shows(&g.t, "> 2");
	terminal_keys(&g.t, "<Enter>Amin<Enter>f");
	assert_shows(&g.t, "1 salah pengetik, 0 salah pemeriksa");
	stage_end(&g);
}

/* ---- what was typed stays */
static void half_a_cell_is_there_after_a_kill(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	terminal_keys(&g.t, "Ani<Enter>2<Down>Bu");
	g.w.clock.at += 2000;
	terminal_keys(&g.t, "d");
	start_again(&g);
	assert_shows(&g.t, "> 2  ");
	assert_shows(&g.t, "Bu");
	terminal_keys(&g.t, "x<Enter>");
	assert_shows(&g.t, "1   Ani                  2");
	stage_end(&g);
}

static void what_is_pasted_is_a_name_however_it_begins(void **state)
{
	struct stage g;

	(void)state;
	begin(&g);
	terminal_burst(&g.t, "<x1b>[200~/ + Ani<x1b>[201~");
	assert_shows(&g.t, "1   / + Ani");
	stage_end(&g);
}

/* ---- what it costs */
static void a_letter_costs_a_byte_and_the_next_cell_eight(void **state)
{
	struct stage g;
	size_t n;

	(void)state;
	begin_in(&g, "kertas", (struct size){ 24, 80, true });
	terminal_keys(&g.t, "A"); /* a sign may go */
	(void)terminal_bytes(&g.t);
	terminal_keys(&g.t, "ni");
	assert_int_equal(terminal_bytes(&g.t), 2);
	terminal_keys(&g.t, "<Enter>");
	n = terminal_bytes(&g.t);
	if (n > 8)
		fail_msg("the next cell cost %zu bytes", n);
	terminal_keys(&g.t, "1");
	(void)terminal_bytes(&g.t);
	terminal_keys(&g.t, "12");
	assert_int_equal(terminal_bytes(&g.t), 2); /* masked, too */
	terminal_keys(&g.t, "<Enter>");
	n = terminal_bytes(&g.t);
	if (n > 8)
		fail_msg("the next cell cost %zu bytes", n);
	stage_end(&g);
}

static void a_small_screen_shows_fewer_columns_and_turns_them(void **state)
{
	struct stage g;

	(void)state;
	begin_in(&g, "kertas", (struct size){ 16, 60, false });
	assert_shows(&g.t, "Nama                 Jenis");
	assert_hides(&g.t, "Bekerja");
	terminal_keys(&g.t, "Ani<Enter>1<Enter>30<Enter><Enter><Enter><Enter>");
	assert_shows(&g.t, "1   Ani");
	assert_shows(&g.t, "Bekerj");
	assert_hides(&g.t, "Jenis");
	terminal_keys(&g.t, "1");
	assert_shows(&g.t, "Jenis");
	for (int i = 0; i < 9; i++)
		terminal_keys(&g.t, "Orang<Down>");
	assert_shows(&g.t, "> 11");
	terminal_keys(&g.t, "<Up><Esc>");
	assert_shows(&g.t, "hal. 2/3\n");
	stage_end(&g);
}

/* ---- whatever is pressed */
static void any_keys_in_any_order_leave_a_table_that_is_whole(void **state)
{
	static const char *const keys[] = { "<Enter>",
					    "<Tab>",
					    "<Up>",
					    "<Down>",
					    "<Left>",
					    "<Right>",
					    "<C-p>",
					    "<C-t>",
					    "<C-v>",
					    "<C-y>",
					    "<C-o>b",
					    "<C-o>hy",
					    "<C-o>u",
					    "<C-o>c",
					    "<C-o>s",
					    "<C-o>k",
					    "<Esc>",
					    "<C-q>",
					    "<C-u>",
					    "<PgUp>",
					    "<PgDn>",
					    "+",
					    "k",
					    "h",
					    "iX",
					    "1",
					    "2",
					    "3",
					    "y",
					    "Ani",
					    "33",
					    "u",
					    "<C-n>catat<Enter>",
					    "<C-f>an<Enter>",
					    "<Home>",
					    "<BS>",
					    "<S-Tab>",
					    "12071985",
					    "<C-r><Esc>" };
	struct stage g;
	uint32_t chance = 7;

	(void)state;
	begin(&g);
	for (int i = 0; i < 3000; i++) {
		const char *k;

		chance = chance * 1664525U + 1013904223U;
		k = keys[(chance >> 8) % (sizeof(keys) / sizeof(keys[0]))];
		terminal_keys(&g.t, k);
		if (!strstr(terminal_row(&g.t, 0), "AA Uji"))
			terminal_keys(&g.t, "<Esc><Esc><Esc>b4");
	}
	terminal_keys(&g.t, "<C-r>");
	stage_end(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			two_people_are_keyed_without_leaving_the_table),
		cmocka_unit_test(
			the_table_says_what_codes_mean_and_what_is_skipped),
		cmocka_unit_test(
			an_answer_that_fails_says_so_once_and_is_marked),
		cmocka_unit_test(
			a_long_question_opens_as_a_page_and_comes_back),
		cmocka_unit_test(a_table_within_a_row_opens_and_comes_back),
		cmocka_unit_test(
			arrows_go_from_cell_to_cell_and_edit_inside_one),
		cmocka_unit_test(enter_on_the_empty_row_ends_the_table),
		cmocka_unit_test(
			rows_come_go_and_are_sorted_from_within_a_cell),
		cmocka_unit_test(
			a_visit_looks_at_pages_and_may_go_into_the_cells),
		cmocka_unit_test(
			a_table_is_keyed_a_second_time_without_seeing_it),
		cmocka_unit_test(half_a_cell_is_there_after_a_kill),
		cmocka_unit_test(what_is_pasted_is_a_name_however_it_begins),
		cmocka_unit_test(a_letter_costs_a_byte_and_the_next_cell_eight),
		cmocka_unit_test(
			a_small_screen_shows_fewer_columns_and_turns_them),
		cmocka_unit_test(
			any_keys_in_any_order_leave_a_table_that_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
