/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "pilar/file.h"

#include "../lib/expect.h"
#include "../lib/listing.h"

/* Lists of an office: which entity a row is, and what it makes of it. */
static struct listing l;

/* ---- which entity */
static void the_same_again_changes_nothing(void **state)
{
	static const char text[] =
		"id dtks,nama,Kelurahan\nA,Mawar,1\nB,Melati,2\nB,Melati,2\n"
		"B,Lain,2\n,Kosong,1\n";
	struct str before;

	(void)state;
	listing_take(&l, text);
	assert_int_equal(l.done.created, 2);
	assert_int_equal(l.done.twice, 1);
	assert_refused(&l, "5 id dtks: sama dengan \n6 id dtks: kosong\n");
	before = world_dump(&l.w, &l.w.arena);
	listing_take(&l, text);
	assert_int_equal(l.done.same, 2);
	assert_true(str_eq(before, world_dump(&l.w, &l.w.arena)));
	listing_take(&l, "id dtks,nama,Kelurahan\nA,Mawar Baru,1\n");
	assert_int_equal(l.done.changed, 1);
	assert_house(&l, "Mawar Baru", "desa", "1");
}

static void a_row_without_a_number_is_known_by_all_it_says(void **state)
{
	(void)state;
	listing_take(&l, "nama,No KK,desa\nMawar,,1\nMawar,,1\nMawar,,2\n");
	assert_int_equal(l.done.created, 2);
	assert_int_equal(l.done.twice, 1);
	listing_take(&l, "nama,No KK,desa\nMawar,,1\n");
	assert_int_equal(l.done.same, 1);
}

static void who_was_registered_with_that_number_and_name_is_that_one(
	void **state)
{
	struct submission s = world_house(&l.w, world_uuid(&l.w), "Siti Aminah",
					  "1871011203040001", "1");

	(void)state;
	world_submit(&l.w, &s);
	listing_take(
		&l,
		"nama,No KK,tanggal\nSITI AMINAH,1871011203040001,1-1-2024\n"
		"Orang Lain,1871011203040001,1-1-2024\n");
	assert_int_equal(l.done.changed, 1);
	assert_refused(&l, "3 No KK: nomor itu su\n");
	assert_int_equal(cases_count(l.w.cases, STR("rumah")), 1);
	/* By a number of its own, too. */
	listing_take(&l,
		     "ID DTKS,nama,No KK\nX-1,Siti Aminah,1871011203040001\n");
	assert_int_equal(cases_count(l.w.cases, STR("rumah")), 1);
}

static void children_find_their_parents_by_their_numbers(void **state)
{
	(void)state;
	listing_take(&l, "ID DTKS,nama,No KK\nX-1,Mawar,1871011203040001\n");
	listing_open_bytes(&l, "warga",
			   STR("nama,rumah\nSatu,X-1\n"
			       "Dua,1871011203040001\nTiga,X-9\n"));
	listing_run(&l, false);
	assert_int_equal(l.done.created, 2);
	assert_refused(&l, "4 rumah: data yang di\n");
}

/* ---- persons that make their households */
static const char people[] = "warga,head,rumah,No KK\nwarga,make,rumah,nomor\n"
			     "warga,give,nama,nama\nwarga,first,nik,1\n"
			     "warga,head,nik,Hub\nwarga,code,nik,1=KK\n"
			     "warga,code,nik,2=Istri|Anak\n";

/* Their relation stands in a property that is a number elsewhere. */
static void open_people(const char *text)
{
	listing_open_bytes(&l, "warga", str_from(text));
	prelist_set_key(l.list, SIZE_MAX);
}

static void take_people(const char *text)
{
	open_people(text);
	listing_run(&l, false);
}

static void rows_of_one_number_make_what_they_belong_to(void **state)
{
	static const char text[] = "No KK;Nama;Hub;Kelurahan\n"
				   "1871011203040001;Budi;Istri;\n"
				   "1871011203040001;Ali;KK;Palapa\n"
				   "1871011203040001;Cici;Anak;Durian Payung\n"
				   "1871011203040002;Dedi;Anak;Plp\n"
				   ";Tanpa;KK;\n";

	(void)state;
	listing_rules(&l, LISTING_RULES, people);
	open_people(text);
	assert_columns(&l, "rumah nama nik rumah/desa");
	listing_run(&l, true);
	assert_int_equal(l.done.created, 5);
	assert_int_equal(l.done.made, 2);
	assert_int_equal(cases_count(l.w.cases, STR("rumah")), 0);
	listing_run(&l, false);
	assert_int_equal(l.done.made, 2);
	assert_refused(&l, "");
	assert_house(&l, "Ali", "nomor", "1871011203040001");
	assert_house(&l, "Ali", "nama", "Ali");
	assert_house(&l, "Ali", "desa", "1");
	/* Nobody speaks for it: the first does. */
	assert_house(&l, "Dedi", "nomor", "1871011203040002");
	assert_int_equal(cases_count(l.w.cases, STR("rumah")), 2);
	assert_int_equal(cases_count(l.w.cases, STR("warga")), 5);
	/* The same again, and with something new. */
	take_people(text);
	assert_int_equal(l.done.same, 5);
	assert_int_equal(l.done.made + l.done.made_changed, 0);
	take_people("No KK;Nama;Hub;Kelurahan\n"
		    "1871011203040001;Ali;KK;Durian Payung\n");
	assert_int_equal(l.done.same, 1);
	assert_int_equal(l.done.made_changed, 1);
	assert_house(&l, "Ali", "desa", "2");
	/* Parts of a head may be of what is made. */
	open_people("No KK;Nama;Tempat;\n;;RT;Kelurahan\n"
		    "1871011203040001;Ali;1;Palapa\n");
	assert_columns(&l, "rumah nama - rumah/desa");
}

static void a_household_that_is_there_is_not_made_again(void **state)
{
	struct submission s = world_house(&l.w, world_uuid(&l.w), "Siti Aminah",
					  "1871011203040001", "1");

	(void)state;
	listing_rules(&l, LISTING_RULES, people);
	world_submit(&l.w, &s);
	take_people("No KK;Nama;Hub;Kelurahan\n"
		    "1871011203040001;SITI AMINAH;KK;Durian Payung\n"
		    "1871011203040001;Orang;Anak;\n");
	assert_int_equal(cases_count(l.w.cases, STR("rumah")), 1);
	assert_int_equal(l.done.created, 2);
	/* Called otherwise: the persons come to it, it stays as it is. */
	take_people("No KK;Nama;Hub;Kelurahan\n"
		    "1871011203040001;Orang Lain;KK;Palapa\n");
	assert_int_equal(l.done.created, 1);
	assert_int_equal(l.done.made + l.done.made_changed, 0);
	assert_int_equal(cases_count(l.w.cases, STR("rumah")), 1);
}

static void a_number_that_makes_follows_its_rules(void **state)
{
	(void)state;
	listing_rules(&l, LISTING_RULES, people);
	take_people("No KK;Nama;Hub;Kelurahan\n"
		    "1,87E+15;Satu;KK;1\n"
		    "871011203040001;Dua;KK;1\n"
		    "1871011203040003;Tiga;Paman;1\n"
		    "1871011203040004;Empat;KK;Entah\n"
		    "1871011203040005;Lima;KK;1\n");
	assert_refused(&l, "2 No KK: nomor rusak \n3 No KK: angka kurang\n"
			   "4 Hub: bukan salah \n5 Kelurahan: bukan salah \n");
	/* Nobody is left in the third. */
	assert_int_equal(l.done.made, 1);
	assert_int_equal(cases_count(l.w.cases, STR("rumah")), 1);
}

/* ---- refused rows */
static void refused_rows_are_mended_and_taken_in(void **state)
{
	struct buf b = BUF_INIT(10000);
	char refused[200];

	(void)state;
	snprintf(refused, sizeof(refused), "%s/tolak.csv", l.w.folder);
	listing_take(&l,
		     "judul;;\nnama;No KK;x\na;1871011203040001;\"b;\"\"c\"\n"
		     "d;187;e\nf\n");
	assert_int_equal(l.done.refused, 2);
	ok(prelist_write_refused(l.list, refused, &l.w.report));
	ok(file_read(refused, &b));
	assert_string_equal(
		b.p, "\xef\xbb\xbf\"nama\";\"No KK\";\"x\";\"alasan "
		     "ditolak\"\r\n\"d\";\"187\";\"e\";\"No KK: angka kurang: "
		     "mungkin nol di depan hilang di lembar sebar\"\r\n"
		     "\"f\";\"\";\"\";\"banyaknya kolom lain dari "
		     "judulnya\"\r\n");
	listing_take(&l, b.p);
	assert_int_equal(l.done.refused, 1); /* f is whole now */
	ok(prelist_write_refused(l.list, refused, &l.w.report));
	buf_reset(&b);
	ok(file_read(refused, &b));
	assert_true(
		str_starts(buf_str(&b), STR("\xef\xbb\xbf\"nama\";\"No KK\""
					    ";\"x\";\"alasan ditolak\"\r")));
	buf_release(&b);
}

static bool at_once(void *arg)
{
	return ++*(size_t *)arg > 0;
}

static void what_was_taken_in_before_a_stop_stands(void **state)
{
	struct buf b = BUF_INIT((size_t)1 << 20);
	size_t asked = 0;
	const struct prelist_run how = { .cancelled = at_once, .arg = &asked };
	struct str before;

	(void)state;
	buf_adds(&b, "ID DTKS,nama\n");
	for (size_t i = 0; i < 2600; i++)
		buf_addf(&b, "%zu,Rumah %zu\n", i, i);
	listing_open(&l, b.p);
	assert_int_equal(prelist_run(l.list, &how, &l.done, &l.w.report),
			 ERR_CANCELLED);
	assert_int_equal(l.done.created, 500);
	assert_int_equal(l.done.stopped_at, 500);
	assert_int_equal(cases_count(l.w.cases, STR("rumah")), 500);
	listing_run(&l, false);
	assert_int_equal(l.done.created, 2100);
	assert_int_equal(l.done.same, 500);
	before = world_dump(&l.w, &l.w.arena);
	ok(cases_rebuild(l.w.cases, NULL, NULL, &l.w.report));
	assert_true(str_eq(before, world_dump(&l.w, &l.w.arena)));
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		listing_test(the_same_again_changes_nothing, &l),
		listing_test(a_row_without_a_number_is_known_by_all_it_says,
			     &l),
		listing_test(
			who_was_registered_with_that_number_and_name_is_that_one,
			&l),
		listing_test(children_find_their_parents_by_their_numbers, &l),
		listing_test(refused_rows_are_mended_and_taken_in, &l),
		listing_test(what_was_taken_in_before_a_stop_stands, &l),
		listing_test(rows_of_one_number_make_what_they_belong_to, &l),
		listing_test(a_household_that_is_there_is_not_made_again, &l),
		listing_test(a_number_that_makes_follows_its_rules, &l),
	};

	return cmocka_run_group_tests_name("prelist", tests, NULL, NULL);
}
