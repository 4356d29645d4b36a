/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "../lib/expect.h"
#include "../lib/listing.h"

/* Lists of an office: what their heads and cells are taken for. */
static struct listing l;

/* ---- heads */
static void columns_are_known_by_letters_and_digits(void **state)
{
	(void)state;
	listing_open(&l, "NO. KK;nama_krt;Bukan Isian;Desa;Nama;;bukan rumah\n"
			 "1;a;b;c;d;e;f\n");
	assert_columns(&l, "nomor* nama - desa - - -");
	assert_int_equal(prelist_column(l.list, 4)->by, PRELIST_TAKEN);
	/* The surer word wins, wherever it stands. */
	listing_open(&l, "kepala;x;nama krt\na;b;c\n");
	assert_columns(&l, "- - nama");
	listing_open(&l, "NO. KK;nama_krt;Bukan Isian;Desa;Nama;;bukan rumah\n"
			 "1;a;b;c;d;e;f\n");
	assert_true(str_is(prelist_column(l.list, 5)->head, "[F]"));
	assert_true(str_is(prelist_column(l.list, 1)->sample, "a"));
	listing_open(&l, "nama,nama,ID-DTKS\na,b,c\n");
	assert_columns(&l, "nama - -*");
	assert_true(str_is(prelist_column(l.list, 1)->head, "nama (2)"));
}

static void heads_stand_under_titles_and_have_parts(void **state)
{
	(void)state;
	listing_take(
		&l, "DATA BNBA, TAHUN 2024;;;;\n;;;;\nNO;KEPALA;ALAMAT;;No KK\n"
		    ";;Dusun;RT;\n1;2;3;4;5\n1;Mawar;Plp;01;\n"
		    "2;Melati;Durian Payung;02;\n");
	assert_columns(&l, "- nama desa - nomor*");
	assert_true(str_is(prelist_column(l.list, 3)->head, "ALAMAT RT"));
	assert_int_equal(l.done.created, 2);
	assert_house(&l, "Mawar", "desa", "1");
	/* A row of data is no second line of heads. */
	listing_open(&l, "No KK;;Nama\n;x;Kenanga\n");
	assert_columns(&l, "nomor* - nama");
	listing_run(&l, true);
	assert_int_equal(l.done.created, 1);
	/* Nor are numbers of rows those of columns. */
	listing_open(&l, "Nama;No KK;x\n1;2;4\n");
	listing_run(&l, true);
	assert_int_equal(l.done.rows, 1);
}

static void any_encoding_and_separator_is_read(void **state)
{
	static const char utf16[] = "\xff\xfen\0a\0m\0a\0\t\0x\0\r\0\n\0"
				    "Z\0\xfc\0l\0\t\0y\0\r\0\n";

	(void)state;
	listing_open_bytes(&l, "rumah", str_of(utf16, sizeof(utf16)));
	assert_columns(&l, "nama -");
	listing_run(&l, false);
	assert_house(&l, "Z\xc3\xbcl", "nama", "Z\xc3\xbcl");
	listing_take(&l, "\xef\xbb\xbfnama|desa\r\nSatu|\"Plp\"\r\n");
	assert_house(&l, "Satu", "desa", "1");
	/* Bytes of Windows-1252, beside what is UTF-8. */
	listing_take(&l, "nama\tx\nAndr\xe9 \x93\xc3\xbc\x94\t\n");
	assert_house(&l, "Andr\xc3\xa9 \xe2\x80\x9c\xc3\xbc\xe2\x80\x9d",
		     "nomor", "");
	listing_take(&l, "sep=;\nnama;x\nDua;y\n");
	assert_house(&l, "Dua", "nomor", "");
}

static void columns_can_be_sent_elsewhere(void **state)
{
	(void)state;
	listing_open(&l, "A,B,C\nMawar,x,1871011203040001\n");
	assert_columns(&l, "- - -");
	ok(prelist_map(l.list, 0, STR("nama")));
	ok(prelist_map(l.list, 1, STR("nama")));
	assert_columns(&l, "- nama -");
	assert_int_equal(prelist_map(l.list, 2, STR("tidak_ada")),
			 ERR_NOTFOUND);
	ok(prelist_map(l.list, 1, STR("")));
	ok(prelist_map(l.list, 0, STR("label")));
	ok(prelist_map(l.list, 2, STR("nomor")));
	prelist_set_key(l.list, 2);
	listing_run(&l, true);
	/* A try remembers nothing. */
	listing_open(&l, "A,B,C\nMawar,x,1871011203040001\n");
	assert_columns(&l, "- - -");
	ok(prelist_map(l.list, 0, STR("nama")));
	ok(prelist_map(l.list, 2, STR("nomor")));
	prelist_set_key(l.list, 2);
	listing_run(&l, false);
	listing_open(&l, "c;a;nama\n1871011203040002;Melati;x\n");
	assert_columns(&l, "nomor* nama -");
	assert_int_equal(prelist_column(l.list, 1)->by, PRELIST_REMEMBERED);
}

/* ---- values */
static void numbers_a_spreadsheet_damaged_are_refused(void **state)
{
	(void)state;
	listing_take(&l,
		     "nama,No KK\na,1871011203040001\nb,\"1,87E+15\"\n"
		     "c,1.87101E+15\nd,187101120304000\ne,1871011203040003.0\n"
		     "f,18710112030400031\ng,KK hilang\nh,1871 0112 0304 0005\n"
		     "i,'1871011203040006\nj,0\nk,Tidak Ada\nl,-\nm,\n");
	assert_refused(&l, "3 No KK: nomor rusak \n4 No KK: nomor rusak \n"
			   "5 No KK: angka kurang\n6 No KK: nomor rusak \n"
			   "7 No KK: angka terlal\n8 No KK: bukan nomor:\n");
	assert_int_equal(l.done.created, 7);
	assert_house(&l, "h", "nomor", "1871011203040005");
	assert_house(&l, "i", "nomor", "1871011203040006");
	assert_house(&l, "j", "nomor", "");
}

static void numbers_that_all_end_in_zero_lost_their_last(void **state)
{
	(void)state;
	listing_open(&l, "nama,No KK\na,1871011203040010\nb,1871011203040020\n"
			 "c,1871011203040030\n");
	listing_run(&l, true);
	assert_refused(&l, "");
	listing_open(&l, "nama,No KK\na,1871011203040010\nb,1871011203040020\n"
			 "c,1871011203040030\nd,1871011203040040\ne,\n");
	listing_run(&l, true);
	assert_int_equal(l.done.refused, 4);
	assert_int_equal(l.done.created, 1);
}

static void days_are_read_as_they_are_written_here(void **state)
{
	static const struct {
		const char *text, *day;
	} rows[] = {
		{ "31-12-2024", "2024-12-31" },
		{ "1/2/2024", "2024-02-01" },
		{ "01.02.2024", "2024-02-01" },
		{ "2024-02-01", "2024-02-01" },
		{ "2024-02-01 00:00:00", "2024-02-01" },
		{ "45322", "2024-01-31" },
		{ "2", "1900-01-01" },
		{ "17 Agustus 1945", "1945-08-17" },
		{ "1-Mei-2020", "2020-05-01" },
		{ "3 NOPEMBER 1999", "1999-11-03" },
		{ "04/Dec/1999", "1999-12-04" },
	};
	static const char *const bad[] = {
		"31-02-2024",   "12/31/2024", "1",           "73416",
		"1-2-24",       "1-2",        "kemarin",     "1-2-2024-3",
		"31 Feb 2024",  "17 Agu 45",  "17 Xyz 1945", "Mei 2020",
		"117 Mei 2020", "17 1945"
	};
	char text[200];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		snprintf(text, sizeof(text), "nama,tanggal\nhari %zu,%s\n", i,
			 rows[i].text);
		listing_take(&l, text);
		assert_refused(&l, "");
		snprintf(text, sizeof(text), "hari %zu", i);
		assert_house(&l, text, "kondisi", rows[i].day);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		snprintf(text, sizeof(text), "nama,tanggal\nburuk %zu,%s\n", i,
			 bad[i]);
		listing_take(&l, text);
		assert_int_equal(l.done.refused, 1);
	}
}

static void words_become_codes(void **state)
{
	(void)state;
	listing_take(&l,
		     "nama,Kelurahan\na,PALAPA\nb,plp.\nc,2\nd,durian-payung\n"
		     "e,Lain\n");
	assert_refused(&l, "6 Kelurahan: bukan salah \n");
	assert_house(&l, "b", "desa", "1");
	assert_house(&l, "d", "desa", "2");
}

static void parts_of_a_value_are_joined_in_their_order(void **state)
{
	(void)state;
	listing_rules(&l, "dataset,kind,name,value\nrumah,head,nama,Nama KRT\n",
		      "rumah,head,kondisi,RT/RW\nrumah,part,kondisi,RT|No RT\n"
		      "rumah,part,kondisi,RW\nrumah,join,kondisi,/\n"
		      "rumah,skip,,No\n");
	listing_take(&l,
		     "No;Nama "
		     "KRT;RW;RT\n1;Mawar;007;001\n2;Melati;;002\n3;Dahlia;;\n");
	assert_columns(&l, "- nama kondisi kondisi");
	assert_int_equal(prelist_column(l.list, 0)->by, PRELIST_SKIPPED);
	assert_house(&l, "Mawar", "kondisi", "001/007");
	assert_house(&l, "Melati", "kondisi", "002");
	assert_house(&l, "Dahlia", "kondisi", "");
	/* One alone, and a whole, which comes first. */
	listing_take(&l, "Nama KRT,No. RT\nAnggrek,4\n");
	assert_house(&l, "Anggrek", "kondisi", "4");
	listing_open(&l, "RT,RW,Nama KRT,RT/RW\n1,2,Kamboja,003/004\n");
	assert_columns(&l, "- - nama kondisi");
	listing_open(&l, "Nama KRT,RT/RW,RT\nKamboja,003/004,1\n");
	assert_columns(&l, "nama kondisi -");
	/* By hand: two parts stand beside each other, a third takes over. */
	listing_open(&l, "Nama KRT,RT,RW,Lain\na,1,2,3\n");
	ok(prelist_map(l.list, 3, STR("kondisi")));
	assert_columns(&l, "nama - - kondisi");
	ok(prelist_map(l.list, 1, STR("kondisi")));
	assert_columns(&l, "nama kondisi - -");
	ok(prelist_map(l.list, 2, STR("kondisi")));
	assert_columns(&l, "nama kondisi kondisi -");
}

/* ---- names that are codes here */
static void set_places(const char *rule)
{
	ok(cases_media_put(l.w.cases, STR("tempat.csv"),
			   STR("name,label,level,parent\n"
			       "18.71,Enggal,3,\n"
			       "18.71.01,Tanjung Karang,3,18.71\n"
			       "18.71.02,Kedaton,3,18.71\n"
			       "18.71.01.1001,Durian Payung,4,18.71.01\n"
			       "18.71.02.1001,Durian Payung,4,18.71.02\n"
			       "18.71.02.1002,Enggal,4,18.71.02\n"),
			   &l.w.report));
	listing_rules(&l,
		      "dataset,kind,name,value\nrumah,head,nama,Nama\n"
		      "rumah,head,nomor,Kec\nrumah,head,desa,Kel\n",
		      rule);
}

static void a_name_becomes_the_code_that_a_list_has_for_it(void **state)
{
	(void)state;
	set_places("rumah,lookup,kondisi,tempat|desa|parent:nomor|level=4\n");
	listing_open(&l, "Nama;Kel;Kec\nMawar;DURIAN PAYUNG;Tanjungkarang\n"
			 "Melati;durian payung;Kedaton\nDahlia;Durian Payung;\n"
			 "Kamboja;Enggal;Kedaton\nAnggrek;Tak Ada;Kedaton\n"
			 "Seruni;;Kedaton\n");
	prelist_set_key(l.list, SIZE_MAX);
	listing_run(&l, false);
	assert_int_equal(l.done.created, 6);
	assert_house(&l, "Mawar", "kondisi", "18.71.01.1001");
	assert_house(&l, "Mawar", "desa", "Durian Payung");
	assert_house(&l, "Melati", "kondisi", "18.71.02.1001");
	/* Of two nobody knows which; what is not there stays as it is. */
	assert_house(&l, "Dahlia", "kondisi", "");
	assert_house(&l, "Dahlia", "desa", "Durian Payung");
	assert_house(&l, "Kamboja", "kondisi", "18.71.02.1002");
	assert_house(&l, "Anggrek", "desa", "Tak Ada");
	assert_house(&l, "Seruni", "kondisi", "");
	/* How many is said: by their code they are counted. */
	assert_int_equal(l.done.uncoded, 2);
	assert_true(str_is(l.done.uncoded_of, "Desa"));
	listing_run(&l, true);
	assert_int_equal(l.done.uncoded, 2);
}

static void a_list_that_is_not_there_changes_nothing(void **state)
{
	(void)state;
	set_places("rumah,lookup,kondisi,lain|desa\nrumah,lookup,x,\n");
	listing_take(&l, "Nama;Kel\nMawar;DURIAN PAYUNG\n");
	assert_house(&l, "Mawar", "kondisi", "");
	assert_house(&l, "Mawar", "desa", "DURIAN PAYUNG");
	assert_int_equal(l.done.uncoded, 0);
}

/* ---- the rules */
static void rules_that_are_wrong_are_named(void **state)
{
	static const char *const bad[] = {
		"dataset,kind,name\n",
		"dataset,kind,name,value\nx,apa,a,b\n",
		"dataset,kind,name,value\nx,head,,b\n",
		"dataset,kind,name,value\nx,digits,a,\n",
		"dataset,kind,name,value\nx,digits,a,41\n",
		"dataset,kind,name,value\nx,digits,a,0\n",
		"dataset,kind,name,value\nx,code,a,b\n",
		"dataset,kind,name,value\nx,head,\"a\n",
	};
	struct report rep = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		size_t had = rep.errors;

		assert_int_equal(prelist_rules_check(str_from(bad[i]), &rep),
				 ERR_INVALID);
		assert_true(rep.errors > had);
	}
	ok(prelist_rules_check(STR("dataset,kind,name,value\nx,digits,a,40\n"
				   "x,key,,\n"),
			       &rep));
	report_release(&rep);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		listing_test(columns_are_known_by_letters_and_digits, &l),
		listing_test(heads_stand_under_titles_and_have_parts, &l),
		listing_test(any_encoding_and_separator_is_read, &l),
		listing_test(columns_can_be_sent_elsewhere, &l),
		listing_test(numbers_a_spreadsheet_damaged_are_refused, &l),
		listing_test(numbers_that_all_end_in_zero_lost_their_last, &l),
		listing_test(days_are_read_as_they_are_written_here, &l),
		listing_test(words_become_codes, &l),
		listing_test(parts_of_a_value_are_joined_in_their_order, &l),
		listing_test(a_name_becomes_the_code_that_a_list_has_for_it,
			     &l),
		listing_test(a_list_that_is_not_there_changes_nothing, &l),
		listing_test(rules_that_are_wrong_are_named, &l),
	};

	return cmocka_run_group_tests_name("prelist_read", tests, NULL, NULL);
}
