/* SPDX-License-Identifier: MIT */
#include "census.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pilar/search.h"

#include "../../src/cases/event.h"
#include "../../src/cases/index.h"
#include "measure.h"
#include "names.h"

#define HOUSES 12500
#define LARGE  100000 /* above it a census is large */
#define BATCH  500

/* ---- people */
static const char *const given[] = {
	"Siti",    "Nur",     "Muhammad", "Ahmad",   "Sri",      "Abdul",
	"Dewi",    "Agus",    "Slamet",   "Wati",    "Endang",   "Rahmat",
	"Hasan",   "Asep",    "Eko",      "Budi",    "Wahyu",    "Rina",
	"Ratna",   "Sari",    "Putri",    "Ayu",     "Made",     "Wayan",
	"Ketut",   "Maria",   "Yohanes",  "Agustin", "Rizki",    "Lestari",
	"Rahayu",  "Susanti", "Kurnia",   "Hidayat", "Pratama",  "Wibowo",
	"Santoso", "Nugroho", "Nasution", "Siregar", "Lubis",    "Harahap",
	"Ginting", "Halimah", "Aminah",   "Aisyah",  "Khadijah", "Maryam",
	"Fatimah", "Zainab",
};
static const char *const heads[] = { "su",  "wa",  "ka",  "mar", "nur",
				     "har", "sar", "wi",  "pur", "bud",
				     "dar", "ju",  "lis", "mu",  "tri" };
static const char *const middles[] = { "ti", "na", "ri", "di", "ma", "si" };
static const char *const tails[] = { "wati", "ningsih", "yanto", "udin",
				     "iyah", "iman",    "adi",   "astuti" };
static const char *const streets[] = {
	"Mawar",        "Melati",      "Anggrek",        "Kenanga",
	"Cempaka",      "Dahlia",      "Flamboyan",      "Kamboja",
	"Durian",       "Rambutan",    "Manggis",        "Nangka",
	"Kelapa",       "Merdeka",     "Pahlawan",       "Veteran",
	"Kartini",      "Ahmad Yani",  "Diponegoro",     "Imam Bonjol",
	"Sudirman",     "Gajah Mada",  "Hasanudin",      "Teuku Umar",
	"Raden Intan",  "Pulau Damar", "Pulau Sebesi",   "Gang Sawah",
	"Gang Mushola", "Pramuka",     "Soekarno Hatta", "Way Kanan",
	"Sultan Agung", "Antasari",    "Urip",
};
static const char *const villages[] = { "Palapa",     "Kedaton",  "Sukarame",
					"Way Halim",  "Rajabasa", "Kemiling",
					"Langkapura", "Enggal" };
/* Common names are common: the smaller of two draws. */
static void one_word(struct rng *r, char out[32])
{
	size_t a = draw(r, ARRAY_LEN(given)), b = draw(r, ARRAY_LEN(given));

	if (draw(r, 3))
		snprintf(out, 32, "%s", given[a < b ? a : b]);
	else
		snprintf(out, 32, "%s%s%s", heads[draw(r, ARRAY_LEN(heads))],
			 middles[draw(r, ARRAY_LEN(middles))],
			 tails[draw(r, ARRAY_LEN(tails))]);
}

static void draw_person(struct rng *r, struct person *p)
{
	char word[32];
	size_t n = 1 + draw(r, 2) + draw(r, 2);

	*p->name = '\0';
	for (size_t i = 0; i < n; i++) {
		one_word(r, word);
		snprintf(p->name + strlen(p->name),
			 sizeof(p->name) - strlen(p->name), "%s%s",
			 i ? " " : "", word);
	}
	snprintf(p->number, sizeof(p->number), "1871%06u%06u", draw(r, 1000000),
		 draw(r, 1000000));
	snprintf(p->village, sizeof(p->village), "%s",
		 villages[draw(r, ARRAY_LEN(villages))]);
	snprintf(p->street, sizeof(p->street), "Jl %s %u RT %03u RW %03u",
		 streets[draw(r, ARRAY_LEN(streets))], draw(r, 200),
		 draw(r, 12), draw(r, 9));
}

static struct rng chance_of(size_t i)
{
	struct rng r = { i * 2654435761u + 77 };

	draw(&r, 2);
	draw(&r, 2);
	return r;
}

void person_at(size_t i, struct person *p)
{
	struct rng r = chance_of(i);

	draw_person(&r, p);
}

void make_record(struct record *r, const struct person *p, bool house,
		 struct arena *a)
{
	record_begin(r);
	must(record_add(r, DATASET_NAME, str_from(p->name), a), "record");
	must(record_add(r, DATASET_NUMBER, str_from(p->number), a), "record");
	if (!house)
		return;
	must(record_add(r, DATASET_PLACE, str_from(p->village), a), "record");
	must(record_add(r, DATASET_TEXT, str_from(p->street), a), "record");
}

static void put_state(struct txn *t, struct str dataset, const struct id *id,
		      const struct person *p)
{
	static char rest[420];
	struct entity_prop props[] = { { STR("alamat"), str_from(p->street) },
				       { STR("lain"), str_of(rest, 420) },
				       { STR("nama"), str_from(p->name) },
				       { STR("nomor"), str_from(p->number) } };
	struct state s = { .exists = true,
			   .dataset = dataset,
			   .id = *id,
			   .label = str_from(p->name),
			   .version = 1,
			   .props = props,
			   .n_props = ARRAY_LEN(props) };

	memset(rest, 'x', sizeof(rest));
	must(state_put(t, &s), "state");
}

static void put_person(struct census *c, struct index_write *ix, struct txn *t,
		       size_t i, struct arena *a)
{
	bool house = i % (PEOPLE + 1) == 0;
	struct str dataset = house ? STR("rumah") : STR("warga");
	struct person p;
	struct record r;
	struct id id;

	person_at(i, &p);
	c->w.clock.sys.random(c->w.clock.sys.self, id.b, sizeof(id.b));
	put_state(t, dataset, &id, &p);
	if (!ix)
		return;
	make_record(&r, &p, house, a);
	must(index_put(ix, dataset, &id, buf_str(&r.bytes)), "index_put");
	buf_release(&r.bytes);
}

void put_people(struct census *c, size_t from, size_t to, bool indexed)
{
	struct index_write *ix = indexed ? c->writer : NULL;
	struct arena a = { 0 };
	struct txn *t = NULL;
	enum err rc;

	must(txn_begin(&t, c->w.store, STORE_MAIN, TXN_WRITE), "begin");
	rc = indexed ? index_begin(ix, t) : ERR_NONE;
	must(rc && rc != ERR_VERSION, "index_begin");
	for (size_t i = from; i < to; i++) {
		put_person(c, ix, t, i, &a);
		arena_reset(&a);
		arena_reset(txn_arena(t));
	}
	if (indexed)
		must(index_finish(ix), "index_finish");
	index_end(c->writer);
	must(txn_commit(&t), "commit");
	arena_release(&a);
}

static double fill(struct census *c, size_t from)
{
	size_t n = census_size(c), step = BATCH * (PEOPLE + 1);
	double start = now_us();

	if (c->houses > 50000)
		step *= 100;
	for (size_t i = from; i < n; i += step)
		put_people(c, i, i + step < n ? i + step : n, true);
	return (double)(n - from) / (now_us() - start) * 1e6;
}

/* ---- the store */
size_t census_size(const struct census *c)
{
	return c->houses * (PEOPLE + 1);
}

bool census_large(const struct census *c)
{
	return c->houses > LARGE;
}

static void begin(struct census *c)
{
	const char *many = getenv("PILAR_BENCH_HOUSES");

	*c = (struct census){ .houses =
				      many ? strtoul(many, NULL, 10) : HOUSES };
}

/* The store of a folder that stays has not the ids of the run before. */
static void keep(struct census *c)
{
	char dir[200];

	snprintf(dir, sizeof(dir), "%s/store", c->folder);
	world_keep(&c->w, dir);
	sys_real()->random(sys_real()->self, &c->w.clock.seed,
			   sizeof(c->w.clock.seed));
}

double census_begin(struct census *c)
{
	struct txn *t = NULL;
	size_t n;

	begin(c);
	c->shelf = shelf_new();
	must(!c->shelf, "shelf");
	must(index_write_new(&c->writer, c->shelf), "writer");
	c->folder = getenv("PILAR_BENCH_STORE");
	if (c->folder) {
		keep(c);
	} else {
		world_make(&c->w);
		c->folder = c->w.folder;
	}
	must(txn_begin(&t, c->w.store, STORE_MAIN, TXN_READ), "begin");
	n = txn_count(t, TABLE_ENTITY) / 2; /* each with its record */
	txn_abort(&t);
	return n < census_size(c) ? fill(c, n) : 0;
}

void census_join(struct census *c, const char *dir)
{
	begin(c);
	world_keep(&c->w, dir);
}

void census_end(struct census *c)
{
	index_write_free(c->writer);
	shelf_free(c->shelf);
	world_remove(&c->w);
}

/* ---- questions */
static const char *const asked_names[ASKED_COUNT] = {
	"a name, key by key", "a whole name",   "3 to 5 letters, any order",
	"name and village",   "start of a NIK",
};

const char *asked_name(enum asked kind)
{
	return asked_names[kind];
}

static void swap_words(struct rng *r, const char *name, char *out, size_t room)
{
	char word[8][32] = { "" };
	size_t n = 0;

	*out = '\0';
	for (const char *p = name; *p && n < 8; n++) {
		size_t len = strcspn(p, " "), keep = 3 + draw(r, 3);

		snprintf(word[n], 32, "%.*s", (int)(len < keep ? len : keep),
			 p);
		p += len;
		p += *p == ' ';
	}
	for (size_t i = n; i--;)
		snprintf(out + strlen(out), room - strlen(out), "%s%s",
			 i + 1 < n ? " " : "", word[i]);
}

void question(const struct census *c, enum asked kind, size_t i, char out[256])
{
	struct person p;
	size_t whose = kind == TYPED ? i / TYPED_LETTERS : i;
	struct rng r = chance_of((whose * 7919 + 13) % census_size(c));

	draw_person(&r, &p);
	switch (kind) {
	case TYPED:
		snprintf(out, 256, "%.*s", (int)(1 + i % TYPED_LETTERS),
			 p.name);
		break;
	case MIXED:
		swap_words(&r, p.name, out, 256);
		break;
	case PLACED:
		snprintf(out, 256, "%s %.4s", p.name, p.village);
		break;
	case NUMBERED:
		snprintf(out, 256, "%.*s", (int)(6 + i % 10), p.number);
		break;
	case WHOLE:
	case ASKED_COUNT:
		snprintf(out, 256, "%s", p.name);
	}
}

struct spent key(const struct census *c, const char *text, struct arena *a)
{
	const struct search_query q = { .text = str_from(text), .limit = ROWS };
	double wall = now_us(), start = cpu_us();
	struct search_result found;

	must(cases_look_begin(c->w.cases), "look");
	must(cases_search(c->w.cases, &q, a, &found), "search");
	for (size_t i = 0; i < found.n; i++) {
		struct entity e;

		must(cases_entity(c->w.cases, found.hits[i].dataset,
				  found.hits[i].id, a, &e),
		     "entity");
	}
	cases_look_end(c->w.cases);
	return (struct spent){ cpu_us() - start, now_us() - wall };
}
