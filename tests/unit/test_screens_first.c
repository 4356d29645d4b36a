/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pilar/i18n.h"
#include "pilar/screens.h"

#include "../lib/screen.h"

struct stage {
	struct first first;
	struct terminal t;
};

static void begin(struct stage *g, const char *lang)
{
	*g = (struct stage){ .first = { .dir = "/home/dewi/pilar",
					.open = true,
					.pass = BUF_INIT(1024) } };
	g->first.how.language = str_from(lang);
	terminal_open(&g->t, 24, 80);
	assert_int_equal(screens_first(g->t.ui, &g->first), 0);
}

static void end(struct stage *g)
{
	terminal_close(&g->t);
	arena_release(&g->first.arena);
	buf_release(&g->first.pass);
	assert_int_equal(i18n_init("id"), 0);
}

static void a_new_store_is_asked_for_in_three_screens(void **state)
{
	const struct cases_setup *how;
	struct stage g;

	(void)state;
	begin(&g, NULL);
	assert_screen(&g.t,
		      " PILAR                                                 "
		      "      mulai pertama kali\n"
		      "   Letak data: /home/dewi/pilar\n\n"
		      "   Bahasa / Language\n\n"
		      " > 1  Bahasa Indonesia\n"
		      "   2  English\n\n"
		      " Enter lanjut  ^G bantuan  Esc kembali\n");
	terminal_keys(&g.t, "1");
	assert_shows(&g.t, " > 1  Mulai bekerja dengan data sendiri\n"
			   "   2  Coba dulu dengan data latihan\n");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, "   Nama                    > [");
	assert_hides(&g.t, "Tanpa kata sandi:");
	/* the code is proposed, capitals are not taken */
	terminal_keys(&g.t, "Dewi Lestari<Enter>");
	assert_shows(&g.t, "   Kode petugas            > [dewi  ");
	terminal_keys(&g.t, "X_2 <Enter><C-u>TKSK<Enter>Kaliawi");
	assert_int_equal(g.first.choice, FIRST_NONE);
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, "Tanpa kata sandi:");
	terminal_keys(&g.t, "<Enter>");
	assert_int_equal(g.first.choice, FIRST_STORE);
	assert_int_equal(g.first.pass.n, 0);
	how = &g.first.how;
	assert_true(str_is(how->worker_name, "Dewi Lestari"));
	assert_true(str_is(how->worker_code, "dewi_2"));
	assert_true(str_is(how->worker_role, "TKSK"));
	assert_true(str_is(how->village, "Kaliawi"));
	assert_true(str_is(how->language, "id"));
	end(&g);
}

static void a_passphrase_may_be_given_and_is_typed_twice(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, "id");
	terminal_keys(&g.t, "1Dewi<Enter><Enter><Enter><Enter>empat<Enter>");
	assert_shows(&g.t, "   Kata sandi sekali lagi  > [");
	assert_hides(&g.t, "empat");
	assert_hides(&g.t, "Tanpa kata sandi:");
	terminal_keys(&g.t, "empat<Enter>");
	assert_shows(&g.t, "paling sedikit 8 huruf");
	terminal_keys(&g.t, " kata<Enter> kita<Enter>");
	assert_shows(&g.t, "tidak sama");
	assert_int_equal(g.first.choice, FIRST_NONE);
	terminal_keys(&g.t, "<C-u>empat kata<Enter>");
	assert_int_equal(g.first.choice, FIRST_STORE);
	assert_true(str_is(buf_str(&g.first.pass), "empat kata"));
	end(&g);
}

static void practice_needs_no_name(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, NULL);
	terminal_keys(&g.t, "<Down><Enter>");
	assert_string_equal(i18n_lang(), "en");
	terminal_keys(&g.t, "2");
	assert_int_equal(g.first.choice, FIRST_PRACTICE);
	assert_true(str_is(g.first.how.language, "en"));
	end(&g);
}

static void a_language_that_was_given_is_not_asked_for(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, "id");
	assert_shows(&g.t, "1  Mulai bekerja dengan data sendiri");
	terminal_keys(&g.t, "<Esc>");
	assert_int_equal(g.first.choice, FIRST_NONE);
	end(&g);
}

static void name_and_code_must_be_there(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, "id");
	terminal_keys(&g.t, "1<Enter><Enter><Enter><Enter><Enter>");
	assert_int_equal(g.first.choice, FIRST_NONE);
	assert_shows(&g.t, "wajib diisi");
	assert_shows(&g.t, "   Nama                    > [");
	/* nothing of it can be a code */
	terminal_keys(&g.t,
		      "\xc3\x89\xc3\xa9<Enter><Enter><Enter><Enter><Enter>");
	assert_int_equal(g.first.choice, FIRST_NONE);
	assert_shows(&g.t, "   Kode petugas            > [");
	terminal_keys(&g.t, "e<Enter><Enter><Enter><Enter>");
	assert_int_equal(g.first.choice, FIRST_STORE);
	end(&g);
}

static void one_step_back_keeps_what_was_typed(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, NULL);
	terminal_keys(&g.t, "11Dewi<Tab><C-p>");
	assert_shows(&g.t, "   Nama                    > [Dewi  ");
	terminal_keys(&g.t, "<F1>");
	assert_shows(&g.t, "Bantuan: Mulai pertama kali");
	terminal_keys(&g.t, "<Esc><Esc>");
	assert_shows(&g.t, "Coba dulu dengan data latihan");
	terminal_keys(&g.t, "<Esc>");
	assert_shows(&g.t, "Bahasa / Language");
	terminal_keys(&g.t, "11");
	assert_shows(&g.t, "   Nama                    > [Dewi  ");
	end(&g);
}

static void a_small_screen_still_shows_everything(void **state)
{
	struct stage g;

	(void)state;
	begin(&g, "id");
	ui_resized(g.t.ui, 16, 60);
	terminal_keys(&g.t, "1");
	assert_shows(&g.t, "   Desa atau kelurahan       [");
	assert_shows(&g.t, "   Kata sandi sekali lagi    [");
	terminal_keys(&g.t, "<Tab><Tab>");
	assert_shows(&g.t, "dibaca siapa saja.");
	assert_shows(&g.t, " Enter lanjut");
	end(&g);
}

#define T(f) cmocka_unit_test(f)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_new_store_is_asked_for_in_three_screens),
		T(a_passphrase_may_be_given_and_is_typed_twice),
		T(practice_needs_no_name),
		T(a_language_that_was_given_is_not_asked_for),
		T(name_and_code_must_be_there),
		T(one_step_back_keeps_what_was_typed),
		T(a_small_screen_still_shows_everything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
