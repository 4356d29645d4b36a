/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pilar/file.h"
#include "pilar/prelist.h"
#include "pilar/xlsform.h"

/*
 * Any file as a list of the office, tried on a store that lives as long as the
 * fuzzer: every row is taken, refused or said before, and the refused ones can
 * be written and read again. With an odd first byte the bytes are the rules.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char datasets_csv[] =
	"dataset,kind,name,label::id,label::en,order,search,mask,class,value\n"
	"toko,title,nama,Toko,Shop,,,,,nama\n"
	"toko,column,nama,Nama,Name,1,name,,,nama\n"
	"toko,unique,nik,NIK,NIK,,,,,\n"
	"toko,parent,toko,Induk,Parent,,,,,induk\n";

static const char rules_csv[] = "dataset,kind,name,value\n"
				"toko,head,nama,Nama Toko\n"
				"toko,head,nik,NIK\n"
				"toko,head,lahir,Tgl Lahir\n"
				"toko,head,jk,L/P\n"
				"toko,key,,ID\n"
				"toko,digits,nik,16\n"
				"toko,date,lahir,\n"
				"toko,code,jk,1=L|Lk\n"
				"toko,code,jk,2=P\n"
				"toko,empty,,nihil\n"
				"toko,part,lahir,Tgl\n"
				"toko,part,lahir,Bln\n"
				"toko,join,lahir,-\n"
				"toko,head,induk,No Induk\n"
				"toko,make,induk,nik\n"
				"toko,give,nama,nama\n"
				"toko,first,jk,1\n"
				"toko,lookup,jk,petugas|nama|label:nik\n"
				"toko,skip,,No\n";

static const char form_md[] =
	"| survey |\n| | type | name | label | save_to |\n"
	"| | text | nama | Nama | nama |\n| | text | nik | NIK | nik |\n"
	"| | text | lahir | Lahir | lahir |\n| | text | jk | JK | jk |\n"
	"| | text | induk | Induk | induk |\n"
	"| settings |\n| | form_title | form_id | version |\n"
	"| | Uji | uji | 1 |\n"
	"| entities |\n| | list_name | label |\n| | toko | ${nama} |\n";

/* In memory where there is such a place: every file is synced. */
static char folder[64];

static void must(enum err rc)
{
	if (rc)
		abort();
}

static struct cases *stage(void)
{
	static struct sys_fixed clock;
	static struct cases *c;
	struct store *st;
	char dir[80];
	struct store_create create = { .dir = dir, .sys = &clock.sys };
	struct store_open open = { .dir = dir, .sys = &clock.sys };
	const struct cases_setup setup = { .worker_code = STR("w"),
					   .worker_name = STR("W"),
					   .language = STR("id") };
	struct buf xml = BUF_INIT((size_t)1 << 20);
	struct report rep = { 0 };

	if (c)
		return c;
	snprintf(folder, sizeof(folder), "%s/pilar-fuzz-XXXXXX",
		 file_exists("/dev/shm") ? "/dev/shm" : "/tmp");
	if (!mkdtemp(folder))
		abort();
	snprintf(dir, sizeof(dir), "%s/s", folder);
	sys_fixed_init(&clock, INT64_C(1795222800000), 420, 1);
	must(store_create(&create, &rep));
	must(store_open(&st, &open, &rep));
	must(cases_setup(st, &clock.sys, &setup, &rep));
	must(cases_open(&c, st, &clock.sys, STR(""), &rep));
	must(cases_media_put(c, STR("datasets.csv"), str_from(datasets_csv),
			     &rep));
	must(cases_media_put(c, STR(PRELIST_FILE), str_from(rules_csv), &rep));
	must(xlsform_convert(str_from(form_md), SHEETS_MD, STR("uji"), &xml,
			     &rep));
	must(cases_form_add(c, buf_str(&xml), "uji", &rep));
	buf_release(&xml);
	report_release(&rep);
	return c;
}

static void write_again(struct prelist *p, const char *end)
{
	struct prelist_file file = { .path = NULL };
	struct prelist *again = NULL;
	struct report rep = { 0 };
	char path[100];

	snprintf(path, sizeof(path), "%s/tolak%s", folder, end);
	file.path = path;
	if (!prelist_write_refused(p, path, &rep) &&
	    prelist_open(&again, stage(), STR("toko"), &file, &rep) &&
	    !rep.errors)
		abort();
	prelist_free(again);
	report_release(&rep);
}

static void try_out(struct prelist *p, struct report *rep)
{
	const struct prelist_run how = { .dry = true };
	struct prelist_done d;
	enum err rc = prelist_run(p, &how, &d, rep);

	if (rc && rc != ERR_NOMEM && !rep->errors)
		abort();
	if (rc)
		return;
	if (d.created + d.changed + d.same + d.twice + d.refused != d.rows)
		abort();
	write_again(p, ".csv");
	write_again(p, ".xlsx");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct prelist_file file = { .path = NULL };
	struct prelist *p = NULL;
	struct report rep = { 0 };
	struct str rest;
	char path[100];

	if (!size)
		return 0;
	rest = str_of((const char *)data + 1, size - 1);
	if (data[0] % 2) {
		if (prelist_rules_check(rest, &rep) == ERR_INVALID &&
		    !rep.errors)
			abort();
		report_release(&rep);
		return 0;
	}
	(void)stage();
	snprintf(path, sizeof(path), "%s/daftar", folder);
	file.path = path;
	must(file_write(path, rest));
	if (!prelist_open(&p, stage(), STR("toko"), &file, &rep))
		try_out(p, &rep);
	else if (!rep.errors)
		abort();
	prelist_free(p);
	report_release(&rep);
	return 0;
}
