/* SPDX-License-Identifier: MIT */
#ifndef TEST_LISTING_H
#define TEST_LISTING_H

#include "pilar/prelist.h"

#include "world.h"

/* Lists of an office on a world of houses, by rules that know their columns. */
struct listing {
	struct world w;
	char path[200]; /* of the list */
	struct prelist *list;
	struct prelist_done done;
};

/* The first are those that hold; both are put together. */
#define LISTING_RULES                        \
	"dataset,kind,name,value\n"          \
	"rumah,head,nama,Nama KRT|Kepala\n"  \
	"rumah,head,nomor,No KK\n"           \
	"rumah,head,tidak_ada,Bukan Isian\n" \
	"rumah,head,desa,Kelurahan|Dusun\n"  \
	"rumah,head,kondisi,Tanggal\n"       \
	"rumah,key,,ID DTKS\n"               \
	"rumah,digits,nomor,16\n"            \
	"rumah,date,kondisi,\n"              \
	"rumah,code,desa,1=Palapa|Plp\n"     \
	"rumah,code,desa,2=Durian Payung\n"  \
	"rumah,empty,,tidak ada|null\n"      \
	"warga,head,nama,Bukan Rumah\n"
void listing_rules(struct listing *l, const char *first, const char *more);

/* For cmocka: the initial state is the listing, made anew for each test. */
int listing_setup(void **state);
int listing_teardown(void **state);
#define listing_test(name, l)                                         \
	cmocka_unit_test_prestate_setup_teardown(name, listing_setup, \
						 listing_teardown, (l))

void listing_open_bytes(struct listing *l, const char *dataset,
			struct str bytes);
/* Of houses. */
void listing_open(struct listing *l, const char *text);
void listing_run(struct listing *l, bool dry);
void listing_take(struct listing *l, const char *text); /* both */

/* Properties, "-" where a column is passed by; * behind the key. */
void assert_columns(struct listing *l, const char *want);
/* "3 No KK: why" a line; of a reason its beginning. */
void assert_refused(struct listing *l, const char *want);
/* The one house of that name has it so. */
void assert_house(struct listing *l, const char *name, const char *property,
		  const char *value);

#endif
