/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pilar/cases.h"

static void expect(const char *title, const char *name, const char *of,
		   const char *gist)
{
	struct event e = { .title = str_from(title), .name = str_from(name) };
	struct arena a = { 0 };
	struct str got = event_gist(&e, str_from(of), &a);

	if (!str_is(got, gist))
		fail_msg("%s: \"%.*s\" is not \"%s\"", name, STR_ARG(got),
			 gist);
	arena_release(&a);
}

static void what_the_title_and_the_day_say_is_left_out(void **state)
{
	(void)state;
	expect("Kunjungan rumah", "Kunjungan 2026-11-21", "", "");
	expect("Ubah data keluarga", "ubah data 2026-11-21", "", "");
	expect("Pemantauan", "Pemantauan 2026-11-21, diterima", "", "diterima");
	expect("Peristiwa keluarga", "Keluarga berpisah (sebagian) 2026-11-21",
	       "", "Keluarga berpisah (sebagian)");
	expect("Kegiatan harian", "Kegiatan 2026-11-21: rapat desa", "",
	       "rapat desa");
}

static void what_the_case_is_called_is_left_out(void **state)
{
	(void)state;
	expect("Pendaftaran keluarga", "Siti Aminah, Palapa", "Siti Aminah",
	       "");
	expect("Pendaftaran keluarga", "Siti Aminah, Palapa", "Budi",
	       "Siti Aminah, Palapa");
	expect("Peristiwa keluarga", "Siti: Meninggal dunia 2026-11-21", "Siti",
	       "Meninggal dunia");
	expect("Peristiwa keluarga", "Siti: Meninggal dunia 2026-11-21", "Budi",
	       "Siti: Meninggal dunia");
	expect("Pendaftaran", "", "Budi", "");
	expect("", " , : ", "", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_title_and_the_day_say_is_left_out),
		cmocka_unit_test(what_the_case_is_called_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
