/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "pilar/file.h"
#include "pilar/screens.h"
#include "pilar/sync.h"

#include "../lib/expect.h"
#include "../lib/stage.h"

/*
 * The screen of an office that took in a file of Budi's, and of Dewi's laptop,
 * which it knows. Files lie in the folder beside the office's store.
 */
struct desk {
	struct world office, budi, dewi;
	struct terminal t;
	char folder[256];
};

static void knows(struct world *w, struct world *other, const char *name)
{
	struct sync_device d = { .name = str_from(name) };
	struct sync_self self;

	ok(sync_self(other->cases, &self));
	d.device = self.device;
	d.key = self.key;
	ok(sync_device_put(w->cases, &d));
}

static void house(struct world *w)
{
	(void)world_put_house(w, "Rumah Uji", "", "Palapa");
}

/* A file with a new house for the office. */
static void exports(struct desk *g, struct world *w)
{
	struct sync_office to = world_office(&g->office, "kantor");
	const struct sync_export how = { .folder = str_from(g->folder),
					 .to = &to,
					 .n_to = 1 };
	struct sync_result r;

	house(w);
	ok(sync_export(w->cases, &how, &w->arena, &r, &w->report));
	assert_true(r.file.n > 0);
}

static void begin_at(struct desk *g, int rows, int cols)
{
	world_make_as(&g->office, 31);
	world_make_as(&g->budi, 32);
	world_make_as(&g->dewi, 33);
	snprintf(g->folder, sizeof(g->folder), "%s-ekspor", g->office.dir);
	ok(dir_make(g->folder));
	exports(g, &g->budi);
	terminal_open(&g->t, rows, cols);
	ok(screens_home(g->t.ui, g->office.cases));
}

static void begin(struct desk *g)
{
	begin_at(g, 24, 80);
}

static void end(struct desk *g)
{
	terminal_close(&g->t);
	ok(dir_remove(g->folder));
	world_remove(&g->office);
	world_remove(&g->budi);
	world_remove(&g->dewi);
}

static void a_file_is_found_looked_at_and_taken_in(void **state)
{
	struct sync_self self;
	struct desk g;

	(void)state;
	begin(&g);
	ok(sync_self(g.budi.cases, &self));
	terminal_keys(&g.t, "si");
	assert_shows(&g.t, " Terima berkas");
	assert_shows(&g.t, "berkas 1 dari perangkat ");
	assert_shows(&g.t, "berkas lain: ketik letaknya");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, "belum dikenal di sini");
	assert_shows(&g.t, self.spoken);
	terminal_keys(&g.t, "y");
	assert_shows(&g.t, "Nama perangkat itu");
	terminal_keys(&g.t, "budi<Enter>");
	assert_shows(&g.t, "Diterima: 1 isian baru, 0 sudah ada.");
	assert_shows(&g.t, "Tanda terima untuk dibawa kembali:");
	assert_shows(&g.t, "budi                   1 isian, 1 berkas");
	terminal_keys(&g.t, "i<Down><Enter>");
	assert_shows(&g.t, "Berkas ini sudah pernah diterima");
	/* a place that was typed into the search is not typed again */
	terminal_keys(&g.t, "i/ada/di/sini.tar<Enter>");
	assert_shows(&g.t, " Berkas: /ada/di/sini.tar");
	end(&g);
}

static void without_a_host_nothing_is_sent(void **state)
{
	struct desk g;

	(void)state;
	begin(&g);
	terminal_keys(&g.t, "<Esc>ss");
	assert_shows(&g.t, " Kirim lewat ssh ke: ssh://");
	terminal_keys(&g.t, "<C-u><Enter>");
	assert_hides(&g.t, "Kirim lewat ssh ke");
	assert_shows(&g.t, " Sinkronisasi");
	end(&g);
}

static void on_a_small_terminal_the_digits_to_compare_are_seen(void **state)
{
	struct sync_self self;
	struct desk g;

	(void)state;
	begin_at(&g, 16, 60);
	ok(sync_self(g.budi.cases, &self));
	terminal_keys(&g.t, "si<Enter>");
	assert_shows(&g.t, "belum dikenal di sini");
	assert_shows(&g.t, self.spoken);
	end(&g);
}

static void a_stick_is_looked_into_and_offered_to_write_to(void **state)
{
	char stick[] = "/tmp/pilar-stick-XXXXXX";
	struct sync_office above;
	struct desk g;

	(void)state;
	begin(&g);
	assert_non_null(mkdtemp(stick));
	stage_stick(stick);
	above = world_office(&g.dewi, "kabupaten");
	ok(sync_office_put(g.office.cases, &above, &g.office.report));
	house(&g.office);
	terminal_keys(&g.t, "se");
	assert_shows(&g.t, " Tulis berkas ke");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, stick);
	terminal_keys(&g.t, "i");
	assert_shows(&g.t, "berkas 1 dari perangkat ");
	stage_stick(NULL);
	ok(dir_remove(stick));
	end(&g);
}

/* Who is known is not asked about again; a stranger stays for a person. */
static void all_that_is_new_is_taken_in_at_once(void **state)
{
	struct desk g;

	(void)state;
	begin(&g);
	knows(&g.office, &g.dewi, "Laptop Dewi");
	exports(&g, &g.dewi);
	exports(&g, &g.dewi);
	terminal_keys(&g.t, "si");
	assert_shows(&g.t, "semua yang belum diterima: 3 berkas");
	assert_shows(&g.t, "berkas 2 dari Laptop Dewi");
	terminal_keys(&g.t, "<Enter>");
	assert_shows(&g.t, "Diterima: 2 berkas, 2 isian baru");
	assert_shows(&g.t, "1 berkas tidak diterima; pilih satu per satu:");
	assert_shows(&g.t, "berkas 1 dari perangkat ");
	terminal_keys(&g.t, "i");
	assert_hides(&g.t, "semua yang belum diterima");
	assert_shows(&g.t, "berkas 2 dari Laptop Dewi, sudah ada di sini");
	assert_shows(&g.t, "tanda terima untuk Laptop Dewi");
	end(&g);
}

static void a_file_that_is_not_accepted_changes_nothing(void **state)
{
	struct desk g;

	(void)state;
	begin(&g);
	terminal_keys(&g.t, "si<Enter>n");
	assert_hides(&g.t, "1 berkas");
	assert_int_equal(cases_event_count(g.office.cases), 0);
	end(&g);
}

static void what_others_made_is_shared_with_a_device(void **state)
{
	struct sync_incoming in;
	struct sync_found *found = NULL;
	struct sync_import how = { .accept = true };
	struct sync_search look = { .n = 1 };
	struct str folder;
	struct desk g;
	size_t n = 0;

	(void)state;
	begin(&g);
	terminal_keys(&g.t, "s");
	assert_hides(&g.t, "b bagikan");
	terminal_keys(&g.t, "i<Enter>ybudi<Enter>");
	knows(&g.office, &g.dewi, "Laptop Dewi");
	house(&g.office);
	terminal_keys(&g.t, "<Esc>s");
	assert_shows(&g.t, "b bagikan");
	terminal_keys(&g.t, "b");
	assert_shows(&g.t, " Bagikan untuk perangkat");
	assert_shows(&g.t, "budi");
	terminal_keys(&g.t, "Laptop<Enter>");
	assert_shows(&g.t, "   Isi     2 isian dari 2 berkas");
	assert_shows(&g.t, "Hanya dapat dibuka oleh Laptop Dewi");
	/* Her laptop takes it in. */
	folder = str_from(g.folder);
	look.folders = &folder;
	ok(sync_find(&g.dewi.arena, &look, &found, &n));
	for (size_t i = 0; i < n; i++)
		if (str_find(found[i].name, STR("titipan"), 0) != SIZE_MAX)
			how.path = found[i].path.p;
	assert_non_null(how.path);
	ok(sync_import(g.dewi.cases, &how, &g.dewi.arena, &in, &g.dewi.report));
	assert_int_equal(in.kind, SYNC_PARCEL);
	assert_int_equal(in.fresh, 2);
	end(&g);
}

static void the_office_above_gets_it_with_our_own(void **state)
{
	struct sync_office above;
	struct desk g;

	(void)state;
	begin(&g);
	above = world_office(&g.dewi, "kabupaten");
	ok(sync_office_put(g.office.cases, &above, &g.office.report));
	terminal_keys(&g.t, "si<Enter>ybudi<Enter>");
	assert_shows(&g.t, "Titipan untuk kantor     1 berkas");
	house(&g.office);
	terminal_keys(&g.t, "e");
	assert_shows(&g.t, "   Berkas  /tmp/");
	assert_shows(&g.t, "\n   Titipan\n");
	assert_shows(&g.t, "   Isi     1 isian dari 1 berkas");
	assert_shows(&g.t, "Hanya dapat dibuka oleh kabupaten");
	end(&g);
}

static void a_parcel_is_named_before_it_is_taken_in(void **state)
{
	struct sync_office here;
	struct sync_forwarded f;
	struct desk g;

	(void)state;
	begin(&g);
	here = world_office(&g.office, "kantor");
	knows(&g.office, &g.budi, "budi");
	{
		const struct sync_forward how = {
			.folder = str_from(g.folder),
			.own_folder = str_from(g.folder),
			.to = &here,
			.n_to = 1,
			.whole = true,
		};

		ok(sync_forward(g.budi.cases, &how, &g.budi.arena, &f,
				&g.budi.report));
	}
	terminal_keys(&g.t, "sititipan<Enter>");
	assert_shows(&g.t, "Terima titipan budi: 1 berkas, 1 isian?");
	terminal_keys(&g.t, "y");
	assert_shows(&g.t, "Diterima: 1 isian baru");
	end(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_found_looked_at_and_taken_in),
		cmocka_unit_test(without_a_host_nothing_is_sent),
		cmocka_unit_test(
			a_stick_is_looked_into_and_offered_to_write_to),
		cmocka_unit_test(
			on_a_small_terminal_the_digits_to_compare_are_seen),
		cmocka_unit_test(all_that_is_new_is_taken_in_at_once),
		cmocka_unit_test(a_file_that_is_not_accepted_changes_nothing),
		cmocka_unit_test(what_others_made_is_shared_with_a_device),
		cmocka_unit_test(the_office_above_gets_it_with_our_own),
		cmocka_unit_test(a_parcel_is_named_before_it_is_taken_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
