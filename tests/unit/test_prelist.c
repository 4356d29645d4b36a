/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pilar/file.h"
#include "pilar/prelist.h"
#include "pilar/utf8.h"

#include "../lib/world.h"

#define ok(call) assert_int_equal((call), ERR_NONE)

static const char rules[] = "dataset,kind,name,value\n"
			    "rumah,head,nama,Nama KRT|Kepala\n"
			    "rumah,head,nomor,No KK\n"
			    "rumah,head,tidak_ada,Bukan Isian\n"
			    "rumah,head,desa,Kelurahan|Dusun\n"
			    "rumah,head,kondisi,Tanggal\n"
			    "rumah,key,,ID DTKS\n"
			    "rumah,digits,nomor,16\n"
			    "rumah,date,kondisi,\n"
			    "rumah,code,desa,1=Palapa|Plp\n"
			    "rumah,code,desa,2=Durian Payung\n"
			    "rumah,empty,,tidak ada|null\n"
			    "warga,head,nama,Bukan Rumah\n";

static struct world w;
static struct prelist *list;
static struct prelist_done done;
static char path[200];

static void open_bytes(const char *dataset, struct str bytes)
{
	struct prelist_file file = { .path = path };

	snprintf(path, sizeof(path), "%s/daftar.csv", w.folder);
	ok(file_write(path, bytes));
	prelist_free(list);
	list = NULL;
	if (prelist_open(&list, w.cases, str_from(dataset), &file, &w.report))
		fail_msg("%s", report_first(&w.report, &w.arena).p);
}

static void open_text(const char *text)
{
	open_bytes("rumah", str_from(text));
}

static void run(bool dry)
{
	const struct prelist_run how = { .dry = dry };

	ok(prelist_run(list, &how, &done, &w.report));
}

static void take(const char *text)
{
	open_text(text);
	run(false);
}

/* Properties, "-" where a column is passed by; * behind the key. */
static void assert_columns(const char *want)
{
	struct buf b = BUF_INIT(1000);

	for (size_t i = 0; i < prelist_columns(list); i++) {
		const struct prelist_column *c = prelist_column(list, i);

		buf_addf(&b, "%s%.*s%s", i ? " " : "",
			 STR_ARG(c->property.n ? c->property : STR("-")),
			 i == prelist_key(list) ? "*" : "");
	}
	assert_string_equal(b.p, want);
	buf_release(&b);
}

/* "3 No KK: why" a line; of a reason its beginning. */
static void assert_refused(const char *want)
{
	const struct prelist_refusal *all;
	struct buf b = BUF_INIT(10000);
	size_t n;

	all = prelist_refusals(list, &n);
	for (size_t i = 0; i < n; i++)
		buf_addf(&b, "%zu %.*s: %.12s\n", all[i].row,
			 STR_ARG(all[i].column), all[i].why);
	assert_string_equal(b.n ? b.p : "", want);
	buf_release(&b);
}

struct wanted {
	const char *name, *property, *value;
	size_t seen;
};

static enum err look(void *arg, const struct entity *e)
{
	struct wanted *v = arg;

	if (!str_is(e->label, v->name))
		return ERR_NONE;
	v->seen++;
	assert_string_equal(
		arena_cstr(&w.arena, entity_prop_of(e, str_from(v->property))),
		v->value);
	return ERR_NONE;
}

/* The one house of that name has it so. */
static void assert_house(const char *name, const char *property,
			 const char *value)
{
	struct wanted v = { name, property, value, 0 };

	ok(cases_each(w.cases, STR("rumah"), look, &v));
	assert_int_equal(v.seen, 1);
}

static int setup(void **state)
{
	(void)state;
	world_make(&w);
	ok(cases_media_put(w.cases, STR(PRELIST_FILE), str_from(rules),
			   &w.report));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	prelist_free(list);
	list = NULL;
	world_remove(&w);
	return 0;
}

/* ---- heads */
static void columns_are_known_by_letters_and_digits(void **state)
{
	(void)state;
	open_text("NO. KK;nama_krt;Bukan Isian;Desa;Nama;;bukan rumah\n"
		  "1;a;b;c;d;e;f\n");
	assert_columns("nomor* nama - desa - - -");
	assert_int_equal(prelist_column(list, 4)->by, PRELIST_TAKEN);
	/* The surer word wins, wherever it stands. */
	open_text("kepala;x;nama krt\na;b;c\n");
	assert_columns("- - nama");
	open_text("NO. KK;nama_krt;Bukan Isian;Desa;Nama;;bukan rumah\n"
		  "1;a;b;c;d;e;f\n");
	assert_true(str_is(prelist_column(list, 5)->head, "[F]"));
	assert_true(str_is(prelist_column(list, 1)->sample, "a"));
	open_text("nama,nama,ID-DTKS\na,b,c\n");
	assert_columns("nama - -*");
	assert_true(str_is(prelist_column(list, 1)->head, "nama (2)"));
}

static void heads_stand_under_titles_and_have_parts(void **state)
{
	(void)state;
	take("DATA BNBA, TAHUN 2024;;;;\n;;;;\nNO;KEPALA;ALAMAT;;No KK\n"
	     ";;Dusun;RT;\n1;2;3;4;5\n1;Mawar;Plp;01;\n"
	     "2;Melati;Durian Payung;02;\n");
	assert_columns("- nama desa - nomor*");
	assert_true(str_is(prelist_column(list, 3)->head, "ALAMAT RT"));
	assert_int_equal(done.created, 2);
	assert_house("Mawar", "desa", "1");
	/* A row of data is no second line of heads. */
	open_text("No KK;;Nama\n;x;Kenanga\n");
	assert_columns("nomor* - nama");
	run(true);
	assert_int_equal(done.created, 1);
	/* Nor are numbers of rows those of columns. */
	open_text("Nama;No KK;x\n1;2;4\n");
	run(true);
	assert_int_equal(done.rows, 1);
}

static void any_encoding_and_separator_is_read(void **state)
{
	static const char utf16[] = "\xff\xfen\0a\0m\0a\0\t\0x\0\r\0\n\0"
				    "Z\0\xfc\0l\0\t\0y\0\r\0\n";

	(void)state;
	open_bytes("rumah", str_of(utf16, sizeof(utf16)));
	assert_columns("nama -");
	run(false);
	assert_house("Z\xc3\xbcl", "nama", "Z\xc3\xbcl");
	take("\xef\xbb\xbfnama|desa\r\nSatu|\"Plp\"\r\n");
	assert_house("Satu", "desa", "1");
	/* Bytes of Windows-1252, beside what is UTF-8. */
	take("nama\tx\nAndr\xe9 \x93\xc3\xbc\x94\t\n");
	assert_house("Andr\xc3\xa9 \xe2\x80\x9c\xc3\xbc\xe2\x80\x9d", "nomor",
		     "");
	take("sep=;\nnama;x\nDua;y\n");
	assert_house("Dua", "nomor", "");
}

static void columns_can_be_sent_elsewhere(void **state)
{
	(void)state;
	open_text("A,B,C\nMawar,x,1871011203040001\n");
	assert_columns("- - -");
	ok(prelist_map(list, 0, STR("nama")));
	ok(prelist_map(list, 1, STR("nama")));
	assert_columns("- nama -");
	assert_int_equal(prelist_map(list, 2, STR("tidak_ada")), ERR_NOTFOUND);
	ok(prelist_map(list, 1, STR("")));
	ok(prelist_map(list, 0, STR("label")));
	ok(prelist_map(list, 2, STR("nomor")));
	prelist_set_key(list, 2);
	run(true);
	/* A try remembers nothing. */
	open_text("A,B,C\nMawar,x,1871011203040001\n");
	assert_columns("- - -");
	ok(prelist_map(list, 0, STR("nama")));
	ok(prelist_map(list, 2, STR("nomor")));
	prelist_set_key(list, 2);
	run(false);
	open_text("c;a;nama\n1871011203040002;Melati;x\n");
	assert_columns("nomor* nama -");
	assert_int_equal(prelist_column(list, 1)->by, PRELIST_REMEMBERED);
}

/* ---- values */
static void numbers_a_spreadsheet_damaged_are_refused(void **state)
{
	(void)state;
	take("nama,No KK\na,1871011203040001\nb,\"1,87E+15\"\n"
	     "c,1.87101E+15\nd,187101120304000\ne,1871011203040003.0\n"
	     "f,18710112030400031\ng,KK hilang\nh,1871 0112 0304 0005\n"
	     "i,'1871011203040006\nj,0\nk,Tidak Ada\nl,-\nm,\n");
	assert_refused("3 No KK: nomor rusak \n4 No KK: nomor rusak \n"
		       "5 No KK: angka kurang\n6 No KK: nomor rusak \n"
		       "7 No KK: angka terlal\n8 No KK: bukan nomor:\n");
	assert_int_equal(done.created, 7);
	assert_house("h", "nomor", "1871011203040005");
	assert_house("i", "nomor", "1871011203040006");
	assert_house("j", "nomor", "");
}

static void numbers_that_all_end_in_zero_lost_their_last(void **state)
{
	(void)state;
	open_text("nama,No KK\na,1871011203040010\nb,1871011203040020\n"
		  "c,1871011203040030\n");
	run(true);
	assert_refused("");
	open_text("nama,No KK\na,1871011203040010\nb,1871011203040020\n"
		  "c,1871011203040030\nd,1871011203040040\ne,\n");
	run(true);
	assert_int_equal(done.refused, 4);
	assert_int_equal(done.created, 1);
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
		take(text);
		assert_refused("");
		snprintf(text, sizeof(text), "hari %zu", i);
		assert_house(text, "kondisi", rows[i].day);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		snprintf(text, sizeof(text), "nama,tanggal\nburuk %zu,%s\n", i,
			 bad[i]);
		take(text);
		assert_int_equal(done.refused, 1);
	}
}

static void words_become_codes(void **state)
{
	(void)state;
	take("nama,Kelurahan\na,PALAPA\nb,plp.\nc,2\nd,durian-payung\n"
	     "e,Lain\n");
	assert_refused("6 Kelurahan: bukan salah \n");
	assert_house("b", "desa", "1");
	assert_house("d", "desa", "2");
}

/* ---- which entity */
static void the_same_again_changes_nothing(void **state)
{
	static const char text[] =
		"id dtks,nama,Kelurahan\nA,Mawar,1\nB,Melati,2\nB,Melati,2\n"
		"B,Lain,2\n,Kosong,1\n";
	struct str before;

	(void)state;
	take(text);
	assert_int_equal(done.created, 2);
	assert_int_equal(done.twice, 1);
	assert_refused("5 id dtks: sama dengan \n6 id dtks: kosong\n");
	before = world_dump(&w, &w.arena);
	take(text);
	assert_int_equal(done.same, 2);
	assert_true(str_eq(before, world_dump(&w, &w.arena)));
	take("id dtks,nama,Kelurahan\nA,Mawar Baru,1\n");
	assert_int_equal(done.changed, 1);
	assert_house("Mawar Baru", "desa", "1");
}

static void a_row_without_a_number_is_known_by_all_it_says(void **state)
{
	(void)state;
	take("nama,No KK,desa\nMawar,,1\nMawar,,1\nMawar,,2\n");
	assert_int_equal(done.created, 2);
	assert_int_equal(done.twice, 1);
	take("nama,No KK,desa\nMawar,,1\n");
	assert_int_equal(done.same, 1);
}

static void who_was_registered_with_that_number_and_name_is_that_one(
	void **state)
{
	struct submission s = world_house(&w, world_uuid(&w), "Siti Aminah",
					  "1871011203040001", "1");

	(void)state;
	world_submit(&w, &s);
	take("nama,No KK,tanggal\nSITI AMINAH,1871011203040001,1-1-2024\n"
	     "Orang Lain,1871011203040001,1-1-2024\n");
	assert_int_equal(done.changed, 1);
	assert_refused("3 No KK: nomor itu su\n");
	assert_int_equal(cases_count(w.cases, STR("rumah")), 1);
	/* By a number of its own, too. */
	take("ID DTKS,nama,No KK\nX-1,Siti Aminah,1871011203040001\n");
	assert_int_equal(cases_count(w.cases, STR("rumah")), 1);
}

static void children_find_their_parents_by_their_numbers(void **state)
{
	(void)state;
	take("ID DTKS,nama,No KK\nX-1,Mawar,1871011203040001\n");
	open_bytes("warga", STR("nama,rumah\nSatu,X-1\n"
				"Dua,1871011203040001\nTiga,X-9\n"));
	run(false);
	assert_int_equal(done.created, 2);
	assert_refused("4 rumah: data yang di\n");
}

/* ---- values in several columns */
static void set_rules(const char *first, const char *more)
{
	struct str all = arena_printf(&w.arena, "%s%s", first, more);

	ok(cases_media_put(w.cases, STR(PRELIST_FILE), all, &w.report));
	ok(cases_refresh(w.cases));
}

static void parts_of_a_value_are_joined_in_their_order(void **state)
{
	(void)state;
	set_rules("dataset,kind,name,value\nrumah,head,nama,Nama KRT\n",
		  "rumah,head,kondisi,RT/RW\nrumah,part,kondisi,RT|No RT\n"
		  "rumah,part,kondisi,RW\nrumah,join,kondisi,/\n"
		  "rumah,skip,,No\n");
	take("No;Nama KRT;RW;RT\n1;Mawar;007;001\n2;Melati;;002\n3;Dahlia;;\n");
	assert_columns("- nama kondisi kondisi");
	assert_int_equal(prelist_column(list, 0)->by, PRELIST_SKIPPED);
	assert_house("Mawar", "kondisi", "001/007");
	assert_house("Melati", "kondisi", "002");
	assert_house("Dahlia", "kondisi", "");
	/* One alone, and a whole, which comes first. */
	take("Nama KRT,No. RT\nAnggrek,4\n");
	assert_house("Anggrek", "kondisi", "4");
	open_text("RT,RW,Nama KRT,RT/RW\n1,2,Kamboja,003/004\n");
	assert_columns("- - nama kondisi");
	open_text("Nama KRT,RT/RW,RT\nKamboja,003/004,1\n");
	assert_columns("nama kondisi -");
	/* By hand: two parts stand beside each other, a third takes over. */
	open_text("Nama KRT,RT,RW,Lain\na,1,2,3\n");
	ok(prelist_map(list, 3, STR("kondisi")));
	assert_columns("nama - - kondisi");
	ok(prelist_map(list, 1, STR("kondisi")));
	assert_columns("nama kondisi - -");
	ok(prelist_map(list, 2, STR("kondisi")));
	assert_columns("nama kondisi kondisi -");
}

/* ---- persons that make their households */
static const char people[] = "warga,head,rumah,No KK\nwarga,make,rumah,nomor\n"
			     "warga,give,nama,nama\nwarga,first,nik,1\n"
			     "warga,head,nik,Hub\nwarga,code,nik,1=KK\n"
			     "warga,code,nik,2=Istri|Anak\n";

/* Their relation stands in a property that is a number elsewhere. */
static void open_people(const char *text)
{
	open_bytes("warga", str_from(text));
	prelist_set_key(list, SIZE_MAX);
}

static void take_people(const char *text)
{
	open_people(text);
	run(false);
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
	set_rules(rules, people);
	open_people(text);
	assert_columns("rumah nama nik rumah/desa");
	run(true);
	assert_int_equal(done.created, 5);
	assert_int_equal(done.made, 2);
	assert_int_equal(cases_count(w.cases, STR("rumah")), 0);
	run(false);
	assert_int_equal(done.made, 2);
	assert_refused("");
	assert_house("Ali", "nomor", "1871011203040001");
	assert_house("Ali", "nama", "Ali");
	assert_house("Ali", "desa", "1");
	/* Nobody speaks for it: the first does. */
	assert_house("Dedi", "nomor", "1871011203040002");
	assert_int_equal(cases_count(w.cases, STR("rumah")), 2);
	assert_int_equal(cases_count(w.cases, STR("warga")), 5);
	/* The same again, and with something new. */
	take_people(text);
	assert_int_equal(done.same, 5);
	assert_int_equal(done.made + done.made_changed, 0);
	take_people("No KK;Nama;Hub;Kelurahan\n"
		    "1871011203040001;Ali;KK;Durian Payung\n");
	assert_int_equal(done.same, 1);
	assert_int_equal(done.made_changed, 1);
	assert_house("Ali", "desa", "2");
	/* Parts of a head may be of what is made. */
	open_people("No KK;Nama;Tempat;\n;;RT;Kelurahan\n"
		    "1871011203040001;Ali;1;Palapa\n");
	assert_columns("rumah nama - rumah/desa");
}

static void a_household_that_is_there_is_not_made_again(void **state)
{
	struct submission s = world_house(&w, world_uuid(&w), "Siti Aminah",
					  "1871011203040001", "1");

	(void)state;
	set_rules(rules, people);
	world_submit(&w, &s);
	take_people("No KK;Nama;Hub;Kelurahan\n"
		    "1871011203040001;SITI AMINAH;KK;Durian Payung\n"
		    "1871011203040001;Orang;Anak;\n");
	assert_int_equal(cases_count(w.cases, STR("rumah")), 1);
	assert_int_equal(done.created, 2);
	/* Called otherwise: the persons come to it, it stays as it is. */
	take_people("No KK;Nama;Hub;Kelurahan\n"
		    "1871011203040001;Orang Lain;KK;Palapa\n");
	assert_int_equal(done.created, 1);
	assert_int_equal(done.made + done.made_changed, 0);
	assert_int_equal(cases_count(w.cases, STR("rumah")), 1);
}

static void a_number_that_makes_follows_its_rules(void **state)
{
	(void)state;
	set_rules(rules, people);
	take_people("No KK;Nama;Hub;Kelurahan\n"
		    "1,87E+15;Satu;KK;1\n"
		    "871011203040001;Dua;KK;1\n"
		    "1871011203040003;Tiga;Paman;1\n"
		    "1871011203040004;Empat;KK;Entah\n"
		    "1871011203040005;Lima;KK;1\n");
	assert_refused("2 No KK: nomor rusak \n3 No KK: angka kurang\n"
		       "4 Hub: bukan salah \n5 Kelurahan: bukan salah \n");
	/* Nobody is left in the third. */
	assert_int_equal(done.made, 1);
	assert_int_equal(cases_count(w.cases, STR("rumah")), 1);
}

/* ---- names that are codes here */
static void set_places(const char *rule)
{
	ok(cases_media_put(w.cases, STR("tempat.csv"),
			   STR("name,label,level,parent\n"
			       "18.71,Enggal,3,\n"
			       "18.71.01,Tanjung Karang,3,18.71\n"
			       "18.71.02,Kedaton,3,18.71\n"
			       "18.71.01.1001,Durian Payung,4,18.71.01\n"
			       "18.71.02.1001,Durian Payung,4,18.71.02\n"
			       "18.71.02.1002,Enggal,4,18.71.02\n"),
			   &w.report));
	set_rules("dataset,kind,name,value\nrumah,head,nama,Nama\n"
		  "rumah,head,nomor,Kec\nrumah,head,desa,Kel\n",
		  rule);
}

static void a_name_becomes_the_code_that_a_list_has_for_it(void **state)
{
	(void)state;
	set_places("rumah,lookup,kondisi,tempat|desa|parent:nomor|level=4\n");
	open_text("Nama;Kel;Kec\nMawar;DURIAN PAYUNG;Tanjungkarang\n"
		  "Melati;durian payung;Kedaton\nDahlia;Durian Payung;\n"
		  "Kamboja;Enggal;Kedaton\nAnggrek;Tak Ada;Kedaton\n"
		  "Seruni;;Kedaton\n");
	prelist_set_key(list, SIZE_MAX);
	run(false);
	assert_int_equal(done.created, 6);
	assert_house("Mawar", "kondisi", "18.71.01.1001");
	assert_house("Mawar", "desa", "Durian Payung");
	assert_house("Melati", "kondisi", "18.71.02.1001");
	/* Of two nobody knows which; what is not there stays as it is. */
	assert_house("Dahlia", "kondisi", "");
	assert_house("Dahlia", "desa", "Durian Payung");
	assert_house("Kamboja", "kondisi", "18.71.02.1002");
	assert_house("Anggrek", "desa", "Tak Ada");
	assert_house("Seruni", "kondisi", "");
	/* How many is said: by their code they are counted. */
	assert_int_equal(done.uncoded, 2);
	assert_true(str_is(done.uncoded_of, "Desa"));
	run(true);
	assert_int_equal(done.uncoded, 2);
}

static void a_list_that_is_not_there_changes_nothing(void **state)
{
	(void)state;
	set_places("rumah,lookup,kondisi,lain|desa\nrumah,lookup,x,\n");
	take("Nama;Kel\nMawar;DURIAN PAYUNG\n");
	assert_house("Mawar", "kondisi", "");
	assert_house("Mawar", "desa", "DURIAN PAYUNG");
	assert_int_equal(done.uncoded, 0);
}

/* ---- refused rows */
static void refused_rows_are_mended_and_taken_in(void **state)
{
	struct buf b = BUF_INIT(10000);
	char refused[200];

	(void)state;
	snprintf(refused, sizeof(refused), "%s/tolak.csv", w.folder);
	take("judul;;\nnama;No KK;x\na;1871011203040001;\"b;\"\"c\"\n"
	     "d;187;e\nf\n");
	assert_int_equal(done.refused, 2);
	ok(prelist_write_refused(list, refused, &w.report));
	ok(file_read(refused, &b));
	assert_string_equal(
		b.p, "\xef\xbb\xbf\"nama\";\"No KK\";\"x\";\"alasan "
		     "ditolak\"\r\n\"d\";\"187\";\"e\";\"No KK: angka kurang: "
		     "mungkin nol di depan hilang di lembar sebar\"\r\n"
		     "\"f\";\"\";\"\";\"banyaknya kolom lain dari "
		     "judulnya\"\r\n");
	take(b.p);
	assert_int_equal(done.refused, 1); /* f is whole now */
	ok(prelist_write_refused(list, refused, &w.report));
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
	open_text(b.p);
	assert_int_equal(prelist_run(list, &how, &done, &w.report),
			 ERR_CANCELLED);
	assert_int_equal(done.created, 500);
	assert_int_equal(done.stopped_at, 500);
	assert_int_equal(cases_count(w.cases, STR("rumah")), 500);
	run(false);
	assert_int_equal(done.created, 2100);
	assert_int_equal(done.same, 500);
	before = world_dump(&w, &w.arena);
	ok(cases_rebuild(w.cases, NULL, NULL, &w.report));
	assert_true(str_eq(before, world_dump(&w, &w.arena)));
	buf_release(&b);
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
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(columns_are_known_by_letters_and_digits),
		T(heads_stand_under_titles_and_have_parts),
		T(any_encoding_and_separator_is_read),
		T(columns_can_be_sent_elsewhere),
		T(numbers_a_spreadsheet_damaged_are_refused),
		T(numbers_that_all_end_in_zero_lost_their_last),
		T(days_are_read_as_they_are_written_here),
		T(words_become_codes),
		T(the_same_again_changes_nothing),
		T(a_row_without_a_number_is_known_by_all_it_says),
		T(who_was_registered_with_that_number_and_name_is_that_one),
		T(children_find_their_parents_by_their_numbers),
		T(refused_rows_are_mended_and_taken_in),
		T(what_was_taken_in_before_a_stop_stands),
		T(parts_of_a_value_are_joined_in_their_order),
		T(rows_of_one_number_make_what_they_belong_to),
		T(a_household_that_is_there_is_not_made_again),
		T(a_number_that_makes_follows_its_rules),
		T(a_name_becomes_the_code_that_a_list_has_for_it),
		T(a_list_that_is_not_there_changes_nothing),
		T(rules_that_are_wrong_are_named),
	};

	return cmocka_run_group_tests_name("prelist", tests, NULL, NULL);
}
