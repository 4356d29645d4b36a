/* SPDX-License-Identifier: MIT */
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "pilar/vec.h"

#include "../lib/screen.h"

/* A list of fruit on which every part of the stack can be tried. */
struct fruit {
	struct screen screen;
	struct rows rows;
	const char *said;
	int settled, ticked, stored, shown, drawn, drawn_before;
	bool through; /* its list lets keys through */
};

static const char *const fruits[] = { "apel", "belimbing", "ceri",
				      "duku", "mangga",    "manggis" };

static void fruit_draw(struct screen *s, struct ui *u)
{
	struct fruit *f = (struct fruit *)s;
	size_t end = rows_window(&f->rows, 4);

	f->drawn++;
	ui_title(u, STR("Buah"), STR("6"));
	for (size_t i = f->rows.top; i < end; i++)
		ui_puts(u, 2 + (int)(i - f->rows.top), 3, -1, fruits[i]);
	rows_mark(&f->rows, u, 2);
	if (f->said)
		ui_puts(u, 8, 3, -1, f->said);
}

static bool fruit_key(struct screen *s, struct ui *u, struct key k)
{
	(void)u;
	return rows_key(&((struct fruit *)s)->rows, k);
}

static void fruit_settle(struct screen *s, struct ui *u)
{
	struct fruit *f = (struct fruit *)s;

	(void)u;
	f->settled++;
	f->drawn_before = f->drawn;
}

static void fruit_tick(struct screen *s, struct ui *u)
{
	(void)u;
	((struct fruit *)s)->ticked++;
}

static void fruit_store(struct screen *s, struct ui *u)
{
	(void)u;
	((struct fruit *)s)->stored++;
}

static void fruit_shown(struct screen *s, struct ui *u)
{
	(void)u;
	((struct fruit *)s)->shown++;
}

static void fruit_free(struct screen *s)
{
	(void)s;
}

static void yes(struct screen *owner, struct ui *u, void *arg)
{
	(void)u;
	(void)arg;
	((struct fruit *)owner)->said = "dimakan";
}

static void act_eat(struct screen *s, struct ui *u, const struct binding *b)
{
	struct ask ask = { .owner = s, .yes = yes };

	(void)b;
	ui_ask(u, &ask, "Makan %s?", fruits[((struct fruit *)s)->rows.at]);
}

static void act_save(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)s;
	(void)b;
	ui_message(u, "Tersimpan\033[2J");
	ui_settle(u);
	ui_wake(u, 1000000);
}

/* ---- a list to choose from */
struct source {
	struct fruit *fruit;
	size_t found[6], n;
	int closed;
};

static size_t narrow(void *self, struct str typed)
{
	struct source *s = self;

	s->n = 0;
	for (size_t i = 0; i < ARRAY_LEN(fruits); i++) {
		if (str_find(str_from(fruits[i]), typed, 0) != SIZE_MAX)
			s->found[s->n++] = i;
	}
	return s->n;
}

static void row(void *self, size_t i, struct buf *out)
{
	buf_adds(out, fruits[((struct source *)self)->found[i]]);
}

static void take(void *self, struct ui *u, size_t i)
{
	struct source *s = self;

	(void)u;
	s->fruit->said = fruits[s->found[i]];
}

static void closed(void *self)
{
	((struct source *)self)->closed++;
}

static struct source source;

static void act_pick(struct screen *s, struct ui *u, const struct binding *b)
{
	struct pick p = {
		.source = { narrow, row, NULL, take, closed, &source },
		.title = STR("Pilih buah"),
		.box = { .row = 3, .col = 20, .rows = 5, .cols = 30 },
		.through = ((struct fruit *)s)->through,
	};

	(void)b;
	source.fruit = (struct fruit *)s;
	assert_int_equal(ui_pick(u, &p), 0);
}

/* Looks again and again whether to stop; a letter says what came of it. */
static void act_work(struct screen *s, struct ui *u, const struct binding *b)
{
	bool stopped = false;

	(void)b;
	for (int i = 0; i < 3; i++)
		stopped = stopped || ui_stopped(u);
	((struct fruit *)s)->said = stopped ? "berhenti" : "selesai";
}

static void act_quit(struct screen *s, struct ui *u, const struct binding *b)
{
	(void)s;
	(void)b;
	ui_pop(u);
}

static const struct binding bindings[] = {
	{ 'e', 0, "makan", "makan buah ini", act_eat, NULL, false, NULL },
	{ UI_CTRL('s'), 0, "simpan", NULL, act_save, NULL, false, NULL },
	{ 'p', '/', "pilih", NULL, act_pick, NULL, true, NULL },
	{ UI_CTRL('t'), 0, NULL, NULL, act_work, NULL, false, NULL },
	{ UI_ESC, 'q', "keluar", NULL, act_quit, NULL, false, NULL },
	BINDING_END,
};

static const struct screen_ops ops = {
	.title = "Buah",
	.draw = fruit_draw,
	.key = fruit_key,
	.settle = fruit_settle,
	.tick = fruit_tick,
	.store = fruit_store,
	.shown = fruit_shown,
	.free = fruit_free,
};

static void begin(struct terminal *t, struct fruit *f)
{
	*f = (struct fruit){ .screen = { .ops = &ops, .bindings = bindings } };
	rows_set(&f->rows, ARRAY_LEN(fruits));
	terminal_open(t, 16, 60);
	ui_push(t->ui, &f->screen);
}

static void rows_have_a_marker_and_keys_a_line(void **state)
{
	struct terminal t;
	struct fruit f;
	int y, x;

	(void)state;
	begin(&t, &f);
	terminal_keys(&t, "<Down>");
	assert_screen(&t,
		      " Buah                                                  "
		      "   6\n\n"
		      "   apel\n"
		      " > belimbing\n"
		      "   ceri\n"
		      "   duku\n\n"
		      " e makan  ^S simpan  (baris: p pilih)  Esc keluar\n");
	terminal_cursor(&t, &y, &x);
	assert_int_equal(y, 3);
	assert_int_equal(x, 2);
	/* beyond the window: it jumps by half */
	terminal_keys(&t, "<Down><Down><Down>");
	assert_shows(&t, "   ceri\n   duku\n > mangga\n   manggis\n");
	terminal_keys(&t, "<End><Down><PgUp><Home><Up>");
	assert_shows(&t, " > apel\n   belimbing\n");
	terminal_close(&t);
}

static void the_way_back_stays_where_hints_do_not_fit(void **state)
{
	static const struct binding many[] = {
		{ 'a', 0, "satu dua tiga empat", NULL, act_quit, NULL, false,
		  NULL },
		{ 'b', 0, "lima enam tujuh delapan", NULL, act_quit, NULL,
		  false, NULL },
		{ 'c', 0, "sembilan sepuluh", NULL, act_quit, NULL, false,
		  NULL },
		{ UI_ESC, 0, "kembali", NULL, act_quit, NULL, false, NULL },
		BINDING_END,
	};
	struct terminal t;
	struct fruit f;

	(void)state;
	begin(&t, &f);
	f.screen.bindings = many;
	ui_step(t.ui);
	assert_string_equal(terminal_row(&t, -1),
			    " a satu dua tiga empat  Esc kembali");
	terminal_close(&t);
}

static void a_question_is_answered_by_one_letter(void **state)
{
	struct terminal t;
	struct fruit f;

	(void)state;
	begin(&t, &f);
	terminal_keys(&t, "e");
	assert_shows(&t, "\n Makan apel? (y/t)\n y ya  t tidak\n");
	terminal_keys(&t, "xt");
	assert_hides(&t, "Makan");
	assert_null(f.said);
	terminal_keys(&t, "e<Esc>");
	assert_null(f.said);
	terminal_keys(&t, "ey");
	assert_shows(&t, "dimakan");
	terminal_close(&t);
}

static void what_is_to_be_stored_is_stored_before_it_is_painted(void **state)
{
	struct terminal t;
	struct fruit f;
	int drawn;

	(void)state;
	begin(&t, &f);
	terminal_keys(&t, "<Down>");
	drawn = f.drawn;
	terminal_burst(&t, "<C-s>");
	assert_int_equal(f.settled, 1);
	assert_int_equal(f.drawn_before, drawn);
	assert_true(f.drawn > drawn);
	terminal_close(&t);
}

static void a_message_stays_until_the_next_key(void **state)
{
	struct terminal t;
	struct fruit f;

	(void)state;
	begin(&t, &f);
	terminal_keys(&t, "<C-s>");
	assert_shows(&t, "Tersimpan\xef\xbf\xbd[2J\n");
	assert_int_equal(f.settled, 1);
	ui_ticked(t.ui);
	assert_int_equal(f.ticked, 1);
	terminal_keys(&t, "<Down>");
	assert_hides(&t, "Tersimpan");
	terminal_close(&t);
}

/* In whole words above the hints; the keys of a question are never cut. */
static void what_is_longer_than_a_line_takes_more(void **state)
{
	static const char words[] =
		"Buah ini sudah dibeli orang lain sebelum Anda menekan tombol, "
		"jadi tidak bisa diambil kembali lagi";
	const struct ask none = { .yes = NULL };
	char mass[2000];
	struct terminal t;
	struct fruit f;

	(void)state;
	begin(&t, &f);
	ui_message(t.ui, "%s", words);
	ui_refresh(t.ui);
	assert_shows(
		&t, " Buah ini sudah dibeli orang lain sebelum Anda "
		    "menekan\n tombol, jadi tidak bisa diambil kembali lagi\n");
	terminal_keys(&t, "<Down>");
	assert_hides(&t, "diambil");
	ui_ask(t.ui, &none, "%s", words);
	ui_refresh(t.ui);
	assert_shows(&t, "diambil kembali lagi (y/t)\n");
	terminal_keys(&t, "t");
	memset(mass, 'x', sizeof(mass) - 1);
	mass[sizeof(mass) - 1] = '\0';
	ui_ask(t.ui, &none, "%s", mass);
	ui_refresh(t.ui);
	assert_shows(&t, "x (y/t)\n");
	terminal_keys(&t, "t");
	ui_message(t.ui, "%s", mass);
	ui_resized(t.ui, 16, 60);
	assert_shows(&t, " > belimbing\n");
	assert_shows(&t, "xxx\n");
	terminal_close(&t);
}

static void a_list_over_a_form_lets_its_keys_through(void **state)
{
	struct terminal t;
	struct fruit f;

	(void)state;
	source.closed = 0;
	begin(&t, &f);
	f.through = true;
	terminal_keys(&t, "pman");
	assert_shows(&t, "> mangga");
	assert_hides(&t, "Enter pilih"); /* the keys below are true */
	terminal_keys(&t, "<C-s>");
	assert_shows(&t, "Tersimpan");
	assert_hides(&t, "Pilih buah");
	assert_int_equal(source.closed, 1);
	terminal_keys(&t, "pman<Enter>"); /* its own keys are its own */
	assert_shows(&t, "   mangga\n");
	assert_int_equal(source.closed, 2);
	terminal_close(&t);
}

static void a_list_narrows_while_one_types(void **state)
{
	struct terminal t;
	struct fruit f;

	(void)state;
	source.closed = 0;
	begin(&t, &f);
	terminal_keys(&t, "pman");
	assert_screen(&t,
		      " Buah                                                  "
		      "   6\n\n"
		      " > apel\n"
		      "   belimbing         Pilih buah\n"
		      "   ceri              / man\n"
		      "   duku              > mangga\n"
		      "                       manggis\n\n"
		      " Enter pilih  Esc batal\n");
	terminal_keys(&t, "<Down><Enter>");
	assert_shows(&t, "   manggis\n");
	assert_int_equal(source.closed, 1);
	terminal_keys(&t, "pxyz");
	assert_shows(&t, "tidak ada");
	terminal_keys(&t, "<Enter><Esc>");
	assert_int_equal(source.closed, 2);
	assert_string_equal(f.said, "manggis");
	terminal_close(&t);
}

static void help_is_made_from_the_bindings(void **state)
{
	struct terminal t;
	struct fruit f;

	(void)state;
	begin(&t, &f);
	terminal_keys(&t, "?");
	assert_screen(&t,
		      " Bantuan: Buah\n\n"
		      "   e            makan buah ini\n"
		      "   ^S           simpan\n"
		      "   p /          pilih\n"
		      "   Esc q        keluar\n"
		      "   ^L           gambar ulang layar\n"
		      "   ^Z           simpan dan jeda (kembali dengan fg)\n"
		      "   ^C           sama dengan Esc\n\n"
		      " Esc kembali\n");
	terminal_keys(&t, "<Esc>");
	assert_shows(&t, "> apel");
	assert_int_equal(f.shown, 2);
	terminal_keys(&t, "<F1>");
	assert_shows(&t, "makan buah ini");
	terminal_keys(&t, "<C-c><C-g>");
	assert_shows(&t, "makan buah ini");
	terminal_close(&t);
}

static void a_small_screen_says_so_and_keeps_its_place(void **state)
{
	struct terminal t;
	struct fruit f;

	(void)state;
	begin(&t, &f);
	terminal_keys(&t, "<Down>");
	ui_resized(t.ui, 15, 60);
	assert_screen(&t, "Layar terlalu kecil (min 60x16)\n");
	ui_resized(t.ui, 1, 1);
	terminal_keys(&t, "<Down>e");
	ui_resized(t.ui, 24, 59);
	assert_screen(&t, "Layar terlalu kecil (min 60x16)\n");
	ui_resized(t.ui, 24, 80);
	assert_shows(&t, " > belimbing\n");
	terminal_close(&t);
}

static void two_thousand_sizes_do_no_harm(void **state)
{
	struct terminal t;
	struct fruit f;

	(void)state;
	begin(&t, &f);
	for (int i = 0; i < 2000; i++) {
		ui_resized(t.ui, 1 + i * 7 % 60, 1 + i * 13 % 200);
		ui_step(t.ui);
	}
	ui_resized(t.ui, 24, 80);
	assert_shows(&t, " > apel\n");
	terminal_close(&t);
}

static void a_hang_up_reaches_every_screen(void **state)
{
	struct terminal t;
	struct fruit f;

	(void)state;
	begin(&t, &f);
	terminal_keys(&t, "e");
	ui_hangup(t.ui);
	assert_int_equal(f.stored, 1);
	terminal_close(&t);
}

static void count_lock(struct ui *u, void *arg)
{
	(void)u;
	++*(int *)arg;
}

static void control_x_and_an_idle_hour_lock_and_store(void **state)
{
	struct terminal t;
	struct fruit f;
	int locked = 0;

	(void)state;
	begin(&t, &f);
	terminal_keys(&t, "<C-x>");
	ui_on_lock(t.ui, count_lock, &locked, 3600000);
	terminal_keys(&t, "<C-x>");
	assert_int_equal(locked, 1);
	assert_int_equal(f.stored, 1);
	ui_idled(t.ui);
	assert_int_equal(locked, 2);
	assert_int_equal(f.stored, 2);
	terminal_close(&t);
}

/* On its own terminal: hung up, with the signal of it still to come. */
static int hang_up_then_signal(void)
{
	struct report rep = { 0 };
	struct ui *u = NULL;

	if (setenv("TERM", "xterm-256color", 1) || ui_open(&u, &rep))
		return 1;
	ui_hangup(u);
	if (raise(SIGHUP))
		return 2;
	ui_close(u);
	return 0;
}

static void the_signal_of_a_hang_up_does_not_cut_the_end_short(void **state)
{
	int master, status = 0;
	pid_t child = forkpty(&master, NULL, NULL, NULL);

	(void)state;
	if (child == 0)
		_exit(hang_up_then_signal());
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	close(master);
}

static void keys_typed_ahead_are_painted_once(void **state)
{
	struct terminal t;
	struct fruit f;

	(void)state;
	*(&f) = (struct fruit){ .screen = { .ops = &ops,
					    .bindings = bindings } };
	rows_set(&f.rows, ARRAY_LEN(fruits));
	terminal_open_counting(&t, 24, 80);
	ui_push(t.ui, &f.screen);
	ui_step(t.ui);
	terminal_bytes(&t);
	terminal_burst(&t, "<Down><Up><Down><Up><Down><Up>");
	assert_int_equal(terminal_bytes(&t), 0);
	terminal_keys(&t, "<Down>");
	assert_true(terminal_bytes(&t) <= 8);
	terminal_close(&t);
}

static void keys_typed_during_long_work_come_after_it(void **state)
{
	struct terminal t;
	struct fruit f;

	(void)state;
	begin(&t, &f);
	terminal_burst(&t, "<C-t><Down><Down><Down>");
	assert_shows(&t, "selesai");
	assert_shows(&t, "> duku");
	/* Esc is for the work, the others are not */
	terminal_burst(&t, "<C-t><Down><Esc><Down>e");
	assert_shows(&t, "berhenti");
	assert_shows(&t, "Makan manggis?");
	terminal_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_have_a_marker_and_keys_a_line),
		cmocka_unit_test(the_way_back_stays_where_hints_do_not_fit),
		cmocka_unit_test(a_question_is_answered_by_one_letter),
		cmocka_unit_test(
			what_is_to_be_stored_is_stored_before_it_is_painted),
		cmocka_unit_test(a_message_stays_until_the_next_key),
		cmocka_unit_test(what_is_longer_than_a_line_takes_more),
		cmocka_unit_test(a_list_narrows_while_one_types),
		cmocka_unit_test(a_list_over_a_form_lets_its_keys_through),
		cmocka_unit_test(help_is_made_from_the_bindings),
		cmocka_unit_test(a_small_screen_says_so_and_keeps_its_place),
		cmocka_unit_test(two_thousand_sizes_do_no_harm),
		cmocka_unit_test(a_hang_up_reaches_every_screen),
		cmocka_unit_test(control_x_and_an_idle_hour_lock_and_store),
		cmocka_unit_test(
			the_signal_of_a_hang_up_does_not_cut_the_end_short),
		cmocka_unit_test(keys_typed_ahead_are_painted_once),
		cmocka_unit_test(keys_typed_during_long_work_come_after_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
