/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <fcntl.h>
#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pilar/file.h"
#include "pilar/screens.h"
#include "pilar/xlsform.h"

/*
 * Any keys on all screens, on one store that lives as long as the fuzzer: a
 * byte is a key of the table or itself. Afterwards the way back must lead home.
 */
#define MOST 400

static const char *const keys[] = {
	"\r",       "\r",        "\003",      "\t",       "\033OA",
	"\033OB",   "\033OC",    "\033OD",    "\033[5~",  "\033[6~",
	"\177",     "\033[3~",   "\033[Z",    "\020",     "\006",
	"\022",     "\024",      "\026",      "\023",     "\007",
	"\025",     "\033[200~", "\033[201~", "\xc3\xa9", "\xe4\xb8\xad",
	"\xcc\x81", "+",         "-",         "y",        "1",
	"2",        "3",
};

static const char form_md[] =
	"| survey |\n"
	"| | type | name | label | required | relevant | constraint | "
	"calculation | appearance | repeat_count | save_to |\n"
	"| | begin_group | a | A ${n} | | | | | field-list | | |\n"
	"| | text | nama | Nama | yes | | string-length(.) > 1 | | | | nama |\n"
	"| | integer | luas | Luas | | | . < 100 | | counter | | |\n"
	"| | decimal | berat | Berat | | | | | | | |\n"
	"| | date | tgl | Tanggal | | | | | | | |\n"
	"| | time | jam | Jam | | | | | | | |\n"
	"| | dateTime | saat | Saat | | | | | | | |\n"
	"| | text | kode | Kode | | | | | numbers len4 | | |\n"
	"| | end_group | | | | | | | | | |\n"
	"| | begin_group | b | B | | | | | field-list | | |\n"
	"| | select_one j | j | Jenis | yes | | | | | | |\n"
	"| | select_one j | m | Menurut | | ${j} != '' | | | minimal | | |\n"
	"| | select_multiple j | h | Hari | | | | | | | |\n"
	"| | rank j | u | Urutan | | ${j} = '2' | | | | | |\n"
	"| | acknowledge | ok | Sudah | | | | | | | |\n"
	"| | geopoint | titik | Titik | | | | | | | |\n"
	"| | image | foto | Foto | | | | | | | |\n"
	"| | end_group | | | | | | | | | |\n"
	"| | begin_repeat | p | P | | ${j} != '1' | | | | | |\n"
	"| | text | siapa | Siapa | yes | | | | | | |\n"
	"| | begin_repeat | q | Q | | | | | | ${luas} mod 4 | |\n"
	"| | text | apa | Apa | | | | | | | |\n"
	"| | end_repeat | | | | | | | | | |\n"
	"| | end_repeat | | | | | | | | | |\n"
	"| | text | t | Tanpa halaman | | | | | multiline | | |\n"
	"| | calculate | n | | | | | count(${p}) | | | |\n"
	"| choices |\n"
	"| | list_name | name | label |\n"
	"| | j | 1 | Satu |\n| | j | 2 | Dua |\n| | j | 12 | Dua belas |\n"
	"| settings |\n| | form_title | form_id | version |\n"
	"| | Uji | uji | 1 |\n"
	"| entities |\n| | list_name | label |\n| | toko | ${nama} |\n";

static const char datasets_csv[] =
	"dataset,kind,name,label::id,label::en,order,search,mask,class,value\n"
	"toko,menu,t,Toko,Shops,,,,,\n"
	"toko,title,nama,Toko,Shop,,,,,nama\n"
	"toko,column,nama,Nama,Name,1,name,4*4,,nama\n"
	"toko,unique,nama,Nama,Name,,,,,\n"
	"toko,typed,nama,,,,,,,typed_name\n"
	"toko,action,uji,daftar baru,register,b,,,,new\n";

struct stage {
	struct ui *ui;
	struct sys_fixed clock;
	struct store *store;
	struct cases *cases;
	int keys;
};

static void must(enum err rc)
{
	if (rc)
		abort();
}

static void make_store(struct stage *g, char *dir)
{
	struct store_create create = { .dir = dir, .sys = &g->clock.sys };
	struct store_open open = { .dir = dir, .sys = &g->clock.sys };
	struct cases_setup setup = { .worker_code = STR("w"),
				     .worker_name = STR("W"),
				     .language = STR("id") };
	struct buf xml = BUF_INIT((size_t)1 << 20);
	struct report rep = { 0 };

	must(store_create(&create, &rep));
	must(store_open(&g->store, &open, &rep));
	must(cases_setup(g->store, &g->clock.sys, &setup, &rep));
	must(cases_open(&g->cases, g->store, &g->clock.sys, STR(""), &rep));
	must(cases_media_put(g->cases, STR("datasets.csv"),
			     str_from(datasets_csv), &rep));
	must(xlsform_convert(str_from(form_md), SHEETS_MD, STR("uji"), &xml,
			     &rep));
	must(cases_form_add(g->cases, buf_str(&xml), "uji", &rep));
	buf_release(&xml);
	report_release(&rep);
}

static struct stage *stage(void)
{
	static struct stage only;
	static char dir[] = "/tmp/pilar-fuzz-XXXXXX";
	static char store[64];
	struct ui_files files = { .term = "xterm-256color",
				  .rows = 24,
				  .cols = 80 };
	struct report rep = { 0 };
	int pipes[2];

	if (only.ui)
		return &only;
	if (!setlocale(LC_CTYPE, "C.UTF-8") || pipe(pipes) || !mkdtemp(dir) ||
	    fcntl(pipes[0], F_SETFL, O_NONBLOCK))
		abort();
	snprintf(store, sizeof(store), "%s/s", dir);
	sys_fixed_init(&only.clock, INT64_C(1795316400000), 420, 7);
	make_store(&only, store);
	files.in = fdopen(pipes[0], "r");
	files.out = fopen("/dev/null", "w");
	only.keys = pipes[1];
	must(ui_open_on(&only.ui, &files, &rep));
	must(screens_home(only.ui, only.cases));
	ui_step(only.ui);
	return &only;
}

static void type(struct stage *g, const char *text, size_t n)
{
	if (write(g->keys, text, n) != (ssize_t)n)
		abort();
	ui_step(g->ui);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stage *g = stage();
	struct screen *home = ui_top(g->ui);

	for (size_t i = 0; i < size && i < MOST; i++) {
		const char *own = (const char *)&data[i];

		if (data[i] == 0xff)
			ui_resized(g->ui, 10 + data[(i + 7) % size] % 30,
				   50 + data[(i + 3) % size] % 60);
		else if (data[i] >= 0x80)
			type(g, keys[data[i] % ARRAY_LEN(keys)],
			     strlen(keys[data[i] % ARRAY_LEN(keys)]));
		else if (data[i] != 033 && data[i] != 032 && data[i] != 021 &&
			 data[i] != 'q')
			type(g, own, 1);
	}
	ui_resized(g->ui, 24, 80);
	type(g, "\033[201~", 6);
	ui_hangup(g->ui); /* stores what stands half typed */
	for (int i = 0; i < 40 && ui_top(g->ui) != home; i++) {
		const struct screen *was = ui_top(g->ui);

		type(g, "\003", 1);
		if (ui_top(g->ui) == was)
			type(g, "\r", 1); /* it was locked */
	}
	assert(ui_top(g->ui) == home);
	return 0;
}
