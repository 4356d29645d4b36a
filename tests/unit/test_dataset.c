/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pilar/dataset.h"
#include "pilar/file.h"

#define HEAD                                                             \
	"dataset,kind,name,label::id,label::en,order,search,mask,class," \
	"value\n"

static struct datasets *read_ok(const char *csv)
{
	struct datasets *d = NULL;
	struct report rep = { 0 };
	enum err rc = datasets_new(&d, str_from(csv), "datasets.csv", &rep);

	if (rc)
		print_message("%s\n", report_first(&rep, &rep.arena).p);
	assert_int_equal(rc, ERR_NONE);
	report_release(&rep);
	return d;
}

static void rows_stand_by_kind_and_order(void **state)
{
	struct datasets *d =
		read_ok(HEAD "rumah,column,c,C,,,,,,c\n"
			     "rumah,column,b,B,,2,,,,b\n"
			     "rumah,title,t,T,,,,,,nama\n"
			     "rumah,column,a,A,,1,name,,,a\n"
			     "warga,menu,w,Warga,People,,,,,\n"
			     ",,,,,,,,,\n"
			     "rumah,action,f,isi,fill,n,,,,visit\n");
	const struct dataset *ds = datasets_find(d, STR("rumah"));

	(void)state;
	assert_int_equal(datasets_count(d), 2);
	assert_true(str_is(dataset_row(ds, DATASET_COLUMN, 0)->name, "a"));
	assert_true(str_is(dataset_row(ds, DATASET_COLUMN, 1)->name, "b"));
	assert_true(str_is(dataset_row(ds, DATASET_COLUMN, 2)->name, "c"));
	assert_null(dataset_row(ds, DATASET_COLUMN, 3));
	assert_int_equal(dataset_row(ds, DATASET_COLUMN, 0)->searched,
			 DATASET_NAME);
	assert_int_equal(ds->n_shown, 4);
	assert_true(str_is(dataset_action(ds, "visit", 0)->name, "f"));
	assert_null(dataset_action(ds, "visit", 1));
	assert_null(dataset_action(ds, "new", 0));
	assert_true(dataset_named(ds, DATASET_COLUMN, STR("b"))->shown <
		    ds->n_shown);
	assert_null(dataset_named(ds, DATASET_TITLE, STR("x")));
	assert_null(datasets_find(d, STR("lain")));
	assert_null(dataset_row(NULL, DATASET_COLUMN, 0));
	assert_null(datasets_at(d, 2));
	assert_null(datasets_at(NULL, 0));
	datasets_free(d);
}

static void columns_may_stand_in_any_order_and_some_be_left_out(void **state)
{
	struct datasets *d =
		read_ok("value,name,kind,dataset\nnama,n,column,rumah\n");
	const struct dataset *ds = datasets_find(d, STR("rumah"));

	(void)state;
	assert_true(str_is(dataset_label(&ds->rows[0]), "n"));
	datasets_free(d);
}

static void a_label_falls_back_on_the_other_language(void **state)
{
	struct datasets *d = read_ok(HEAD "a,column,n,,Name,,,,,n\n"
					  "a,column,m,Nama,,,,,,n\n");
	const struct dataset *ds = datasets_find(d, STR("a"));

	(void)state;
	assert_true(str_is(dataset_label(&ds->rows[0]), "Name"));
	assert_true(str_is(dataset_label(&ds->rows[1]), "Nama"));
	datasets_free(d);
}

static const struct {
	const char *csv, *place;
} faults[] = {
	{ "", "datasets.csv" },
	{ "dataset,kind,name\n", "datasets.csv, baris 1, kolom value" },
	{ HEAD "rumah,kolom,a,,,,,,,a\n", "datasets.csv, baris 2, kolom kind" },
	{ HEAD "1rumah,column,a,,,,,,,a\n",
	  "datasets.csv, baris 2, kolom dataset" },
	{ HEAD "a.b,column,a,,,,,,,a\n",
	  "datasets.csv, baris 2, kolom dataset" },
	{ HEAD "__a,column,a,,,,,,,a\n",
	  "datasets.csv, baris 2, kolom dataset" },
	{ HEAD "a,column,,,,,,,,a\n", "datasets.csv, baris 2, kolom name" },
	{ HEAD "a,column,a,,,,,,,\n", "datasets.csv, baris 2, kolom value" },
	{ HEAD "a,column,a,,,,,,,1 +\n", "datasets.csv, baris 2, kolom value" },
	{ HEAD "a,column,a,,,x,,,,a\n", "datasets.csv, baris 2, kolom order" },
	{ HEAD "a,column,a,,,,nama,,,a\n",
	  "datasets.csv, baris 2, kolom search" },
	{ HEAD "a,column,a,,,,,4,,a\n", "datasets.csv, baris 2, kolom mask" },
	{ HEAD "a,column,a,,,,,4*x,,a\n", "datasets.csv, baris 2, kolom mask" },
	{ HEAD "a,column,a,,,,,65*1,,a\n",
	  "datasets.csv, baris 2, kolom mask" },
	{ HEAD "a,column,a,,,,,,rahasia,a\n",
	  "datasets.csv, baris 2, kolom class" },
	{ HEAD "a,menu,ab,A,,,,,,\n", "datasets.csv, baris 2, kolom name" },
	{ HEAD "a,menu,k,,,,,,,\n", "datasets.csv, baris 2, kolom label::id" },
	{ HEAD "a,action,f,,,,,,,new\n", "datasets.csv, baris 2, kolom order" },
	{ HEAD "a,action,f,,,n,,,,hapus\n",
	  "datasets.csv, baris 2, kolom value" },
	{ HEAD "a,parent,b c,,,,,,,x\n", "datasets.csv, baris 2, kolom name" },
	{ HEAD "a,parent,b,,,,,,,x y\n", "datasets.csv, baris 2, kolom value" },
	{ HEAD "a,unique,a.b,,,,,,,\n", "datasets.csv, baris 2, kolom name" },
	{ HEAD "a,typed,x,,,,,,,\n", "datasets.csv, baris 2, kolom value" },
	{ HEAD "a,typed,,,,,,,,typed\n", "datasets.csv, baris 2, kolom name" },
	{ HEAD "a,typed,x,,,,,,,if(\n", "datasets.csv, baris 2, kolom value" },
	{ HEAD "a,typed,x,,,,,,,typed\na,typed,x,,,,,,,typed\n",
	  "datasets.csv, baris 3, kolom name" },
	{ HEAD "a,unique,x,,,,name,,,\n",
	  "datasets.csv, baris 2, kolom search" },
	{ HEAD "a,title,t,,,,,,,x\n\na,title,u,,,,,,,y\n",
	  "datasets.csv, baris 4, kolom kind" },
	{ HEAD "a,action,f,,,n,,,,new\na,action,g,,,n,,,,visit\n",
	  "datasets.csv, baris 3, kolom order" },
	{ HEAD "a,column,x,,,,,,,x\na,column,x,,,,,,,y\n",
	  "datasets.csv, baris 3, kolom name" },
	{ HEAD "a,parent,b,,,,,,,x\na,parent,c,,,,,,,x\n",
	  "datasets.csv, baris 3, kolom value" },
	{ HEAD "a,title,\"t\n", "datasets.csv, baris 2" },
};

static void every_fault_names_its_row_and_column(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		struct datasets *d = NULL;
		struct report rep = { 0 };
		enum err rc = datasets_new(&d, str_from(faults[i].csv),
					   "datasets.csv", &rep);

		if (!rc || !rep.errors)
			fail_msg("taken: %s", faults[i].csv);
		assert_int_equal(rc, ERR_INVALID);
		assert_null(d);
		if (!str_starts(rep.problems.at[0].place,
				str_from(faults[i].place)))
			fail_msg("%s: %.*s", faults[i].csv,
				 STR_ARG(rep.problems.at[0].place));
		report_release(&rep);
	}
}

static void all_faults_are_told_at_once(void **state)
{
	struct datasets *d = NULL;
	struct report rep = { 0 };

	(void)state;
	assert_int_equal(datasets_new(&d,
				      STR(HEAD "a,kolom,a,,,,,,,a\n"
					       "a,column,,,,x,,,,\n"),
				      "datasets.csv", &rep),
			 ERR_INVALID);
	assert_int_equal(rep.errors, 4);
	report_release(&rep);
}

static void the_number_of_rows_has_a_limit(void **state)
{
	struct buf b = BUF_INIT((size_t)1 << 20);
	struct datasets *d = NULL;
	struct report rep = { 0 };

	(void)state;
	buf_adds(&b, HEAD);
	for (int i = 0; i < DATASETS_MAX_ROWS; i++)
		buf_addf(&b, "a%d,unique,x,,,,,,,\n", i);
	assert_int_equal(datasets_new(&d, buf_str(&b), "d", &rep), ERR_NONE);
	datasets_free(d);
	buf_adds(&b, "b,unique,x,,,,,,,\n");
	assert_int_equal(datasets_new(&d, buf_str(&b), "d", &rep), ERR_INVALID);
	report_release(&rep);
	buf_release(&b);
}

static void assert_masked(const char *mask, const char *text, const char *want)
{
	struct datasets *d;
	struct arena a = { 0 };
	char csv[200];

	snprintf(csv, sizeof(csv), HEAD "a,column,n,,,,,%s,,n\n", mask);
	d = read_ok(csv);
	assert_string_equal(
		arena_cstr(&a, dataset_masked(datasets_at(d, 0)->rows,
					      str_from(text), &a)),
		want);
	arena_release(&a);
	datasets_free(d);
}

static void masks_leave_both_ends(void **state)
{
	(void)state;
	assert_masked("4*4", "1871010203040003", "1871********0003");
	assert_masked("4*4", "12345678", "********");
	assert_masked("4*4", "123456789", "1234*6789");
	assert_masked("1*0", "S\xc3\xa9\xc3\xa9", "S**");
	assert_masked("0*0", "abc", "***");
	assert_masked("4*4", "", "");
	assert_masked("", "abc", "abc");
}

static void the_shipped_file_is_taken(void **state)
{
	struct buf b = BUF_INIT((size_t)1 << 20);
	struct datasets *d;

	(void)state;
	if (file_read("forms/datasets.csv", &b))
		skip();
	d = read_ok(b.p);
	assert_true(datasets_count(d) >= 1);
	datasets_free(d);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_stand_by_kind_and_order),
		cmocka_unit_test(
			columns_may_stand_in_any_order_and_some_be_left_out),
		cmocka_unit_test(a_label_falls_back_on_the_other_language),
		cmocka_unit_test(every_fault_names_its_row_and_column),
		cmocka_unit_test(all_faults_are_told_at_once),
		cmocka_unit_test(the_number_of_rows_has_a_limit),
		cmocka_unit_test(masks_leave_both_ends),
		cmocka_unit_test(the_shipped_file_is_taken),
	};

	return cmocka_run_group_tests_name("dataset", tests, NULL, NULL);
}
