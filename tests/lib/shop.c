/* SPDX-License-Identifier: MIT */
#include "shop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Sunday 22 November 2026, 10.00 in Lampung. */
#define NOW INT64_C(1795316400000)

/* Every kind of question there is, on four pages. */
static const char form_md[] =
	"| survey |\n"
	"| | type | name | label | hint | required | relevant | constraint | "
	"constraint_message | calculation | appearance | save_to |\n"
	"| | begin_group | a | A. Toko | | | | | | | field-list | |\n"
	"| | text | nama | Nama toko | Seperti di papan. | yes | | "
	"string-length(.) > 1 | Paling sedikit 2 huruf. | | | nama |\n"
	"| | integer | luas | Luas (m2) | | | | . < 1000 | Di bawah 1000. | "
	"| | |\n"
	"| | date | buka | Buka sejak | | | | | | | | |\n"
	"| | text | kode | Kode | | | | | | | numbers len4 | |\n"
	"| | calculate | luas2 | | | | | | | ${luas} * 2 | | |\n"
	"| | note | n2 | Dua kali: ${luas2} | | | ${luas} != '' | | | | | |\n"
	"| | end_group | | | | | | | | | | |\n"
	"| | begin_group | b | B. Barang | | | | | | | field-list | |\n"
	"| | select_one jenis | jenis | Jenis | | yes | | | | | | |\n"
	"| | text | lain | Jenis lain | | | ${jenis} = '3' | | | | | |\n"
	"| | select_multiple hari | hari | Hari buka | | | | | | | | |\n"
	"| | acknowledge | baca | Sudah dibacakan | | | | | | | | |\n"
	"| | end_group | | | | | | | | | | |\n"
	"| | begin_repeat | pegawai | C. Pegawai | | | | | | | | |\n"
	"| | text | siapa | Nama pegawai | | yes | | | | | | |\n"
	"| | integer | umur | Umur | | | | | | | | |\n"
	"| | end_repeat | | | | | | | | | | |\n"
	"| | begin_group | d | D. Penutup | | | | | | | "
	"field-list ringkasan | |\n"
	"| | note | r | Toko ${nama} punya ${n} pegawai. | | | | | | | | |\n"
	"| | calculate | n | | | | | | | count(${pegawai}) | | |\n"
	"| | text | catatan | Catatan | | | | | | | multiline | |\n"
	"| | end_group | | | | | | | | | | |\n"
	"| choices |\n"
	"| | list_name | name | label |\n"
	"| | jenis | 1 | Makanan |\n"
	"| | jenis | 2 | Pakaian |\n"
	"| | jenis | 3 | Lainnya |\n"
	"| | hari | sen | Senin |\n"
	"| | hari | sel | Selasa |\n"
	"| | hari | rab | Rabu |\n"
	"| settings |\n"
	"| | form_title | form_id | version |\n"
	"| | Daftar toko | toko | 1 |\n"
	"| entities |\n"
	"| | list_name | label |\n"
	"| | toko | ${nama} |\n";

/* A visit to a shop: begins from one. */
static const char visit_md[] =
	"| survey |\n"
	"| | type | name | label | required | save_to |\n"
	"| | begin_group | a | A. Kunjungan | | |\n"
	"| | select_one_from_file toko.csv | toko_id | Toko | yes | |\n"
	"| | text | temuan | Temuan | yes | temuan |\n"
	"| | end_group | | | | |\n"
	"| settings |\n"
	"| | form_title | form_id | version |\n"
	"| | Kunjungan toko | tengok | 1 |\n"
	"| entities |\n"
	"| | list_name | entity_id |\n"
	"| | toko | ${toko_id} |\n";

static const char datasets_csv[] =
	"dataset,kind,name,label::id,label::en,order,search,mask,class,value\n"
	"toko,menu,t,Toko,Shops,,,,,\n"
	"toko,title,nama,Toko,Shop,,,,,nama\n"
	"toko,column,nama,Nama,Name,1,name,,,nama\n"
	"toko,column,temuan,Temuan,Finding,2,,,,temuan\n"
	"toko,detail,temuan,Temuan,Finding,1,,,,temuan\n"
	"toko,action,tengok,kunjungan,visit,n,,,,visit\n"
	"toko,action,toko,daftar baru,register,b,,,,new\n";

void shop_begin_on(struct stage *g, bool counting, int rows, int cols)
{
	static const char *const others[] = { "daftar", "kunjung", "pindah" };

	stage_make(g, datasets_csv);
	g->w.clock.at = NOW;
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		assert_int_equal(cases_form_remove(g->w.cases,
						   str_from(others[i]),
						   &g->w.report),
				 0);
	stage_form(g, str_from(form_md));
	stage_form(g, str_from(visit_md));
	if (counting)
		terminal_open_counting(&g->t, rows, cols);
	else
		terminal_open(&g->t, rows, cols);
	stage_home(g);
}

void shop_begin(struct stage *g)
{
	shop_begin_on(g, false, 24, 80);
}

void shop_form(struct stage *g)
{
	terminal_keys(&g->t, "b");
	assert_shows(&g->t, "   2   Daftar toko");
	terminal_keys(&g->t, "2");
}
