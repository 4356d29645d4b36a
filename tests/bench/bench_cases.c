/* SPDX-License-Identifier: MIT */
/*
 * What a person waits for: a visit and an answer that are durable. Visits are
 * those of the demo store, made again under new ids; their floor is a bare LMDB
 * transaction with the same keys and bytes on a copy of that store, in turns in
 * one run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <lmdb.h>

#include "pilar/draft.h"

#include "../../src/cases/key.h"
#include "../lib/census.h"
#include "../lib/measure.h"
#include "../lib/world.h"

#define SAVES 1000
#define ACTS  1000

static char folder[] = "/var/tmp/pilar-bench-XXXXXX";
static struct report report;

/* ---- the demo store and its copy for bare LMDB */
struct demo {
	struct store *st;
	struct cases *c;
	struct arena arena;
	struct str *visits; /* XML of those made */
	size_t n;
	MDB_env *bare, *bare_drafts;
	MDB_dbi dbi[TABLE_COUNT];
};

static const char form[] = "kunjungan"; /* of the bar */

static void run(const char *a, const char *b, const char *c, const char *d)
{
	char line[500];

	snprintf(line, sizeof(line), "%s %s %s %s >/dev/null 2>&1", a, b, c, d);
	must(system(line), line);
}

static MDB_env *bare_open(const char *path, MDB_dbi *dbi, enum table from,
			  enum table to)
{
	MDB_env *env;
	MDB_txn *t;

	must(mdb_env_create(&env), "create");
	must(mdb_env_set_maxdbs(env, 2 * TABLE_COUNT), "maxdbs");
	must(mdb_env_set_mapsize(env, (size_t)1 << 30), "mapsize");
	must(mdb_env_open(env, path, MDB_NORDAHEAD, 0600), "open");
	must(mdb_txn_begin(env, NULL, 0, &t), "begin");
	for (enum table i = from; i <= to; i++)
		must(mdb_dbi_open(t, table_name(i), MDB_CREATE, &dbi[i]),
		     "dbi");
	must(mdb_txn_commit(t), "commit");
	return env;
}

static void read_visits(struct demo *d)
{
	struct outbox_row *rows;
	size_t n;

	must(cases_outbox(d->c, &d->arena, &rows, &n), "outbox");
	d->visits = arena_array(&d->arena, n, sizeof(*d->visits));
	for (size_t i = 0; i < n; i++) {
		struct event e;

		must(cases_event(d->c, rows[i].instance_id, &d->arena, &e),
		     "event");
		if (str_is(e.form_id, form))
			d->visits[d->n++] = e.xml;
	}
	must(d->n == 0, "no visits in the demo store");
}

static void demo_open(struct demo *d)
{
	const char *pilar = getenv("PILAR");
	char dir[128], copy[128], drafts[160];
	struct store_open how = { .dir = dir, .sys = sys_real() };

	snprintf(dir, sizeof(dir), "%s/demo", folder);
	snprintf(copy, sizeof(copy), "%s/bare", folder);
	snprintf(drafts, sizeof(drafts), "%s/drafts", copy);
	run(pilar ? pilar : ".build/pilar", "--store", dir, "demo");
	run("cp", "-r", dir, copy);
	d->bare = bare_open(copy, d->dbi, TABLE_META, TABLE_AUDIT);
	d->bare_drafts =
		bare_open(drafts, d->dbi, TABLE_DRAFT, TABLE_DRAFT_ACT);
	must_told(store_open(&d->st, &how, &report), "store", &report);
	must_told(cases_open(&d->c, d->st, sys_real(), STR(""), &report),
		  "cases", &report);
	read_visits(d);
}

static void demo_close(struct demo *d)
{
	cases_close(d->c);
	store_close(d->st);
	mdb_env_close(d->bare);
	mdb_env_close(d->bare_drafts);
	arena_release(&d->arena);
}

/* ---- a visit */
static struct submission again(struct demo *d, size_t i, struct arena *a)
{
	struct str xml = d->visits[i % d->n];
	struct submission s = { .form_id = str_from(form) };
	size_t from = str_find(xml, STR("uuid:"), 0), at;
	char uuid[UUID_LEN + 1];
	struct str version;

	must(from == SIZE_MAX, "instanceID");
	sys_uuid(sys_real(), uuid);
	s.instance_id = arena_printf(a, "uuid:%s", uuid);
	s.xml = arena_printf(a, "%.*s%s%.*s", (int)from, xml.p, s.instance_id.p,
			     (int)(xml.n - from - 5 - UUID_LEN),
			     xml.p + from + 5 + UUID_LEN);
	at = str_find(xml, STR("version=\""), 0) + 9;
	version = str_sub(xml, at, str_find(xml, STR("\""), at));
	s.form_version = version;
	return s;
}

/* What one save wrote: keys, and how long the sealed values were. */
struct written {
	struct {
		enum table table;
		struct key key;
		size_t n;
	} put[16];
	size_t n;
};

static void note(struct written *w, struct txn *t, enum table table,
		 const struct key *k)
{
	struct str value;
	size_t plain;

	if (txn_get(t, table, key_str(k), &value))
		return;
	plain = value.n + 4;
	plain += plain <= 1024 ? -plain & 63 : -plain & 255;
	w->put[w->n].table = table;
	w->put[w->n].key = *k;
	w->put[w->n++].n = plain + SEAL_OVERHEAD;
}

static void note_entity(struct written *w, struct txn *t, struct str dataset,
			struct str id, const struct stamp *s)
{
	struct id bytes;
	struct key k;

	must(!id_parse(id, &bytes), "id");
	key_entity(&k, dataset, &bytes);
	note(w, t, TABLE_ENTITY, &k);
	key_touch(&k, &bytes, s);
	note(w, t, TABLE_ENTITY_EVENT, &k);
}

static void note_all(struct demo *d, struct str instance, struct written *w)
{
	struct stamp s = { .seq = 0 };
	struct arena a = { 0 };
	struct txn *t = NULL;
	struct event e;
	struct key k;

	w->n = 0;
	must(cases_event(d->c, instance, &a, &e), "event");
	must(device_parse(e.device, &s.device), "device");
	s.seq = e.seq;
	must(txn_begin(&t, d->st, STORE_MAIN, TXN_READ), "begin");
	key_event(&k, &s);
	note(w, t, TABLE_EVENT, &k);
	note(w, t, TABLE_OUTBOX, &k);
	key_instance(&k, instance);
	note(w, t, TABLE_BY_INSTANCE, &k);
	key_index(&k, INDEX_FORM);
	key_name(&k, str_from(form));
	note(w, t, TABLE_INDEX, &k);
	for (size_t i = 0; i < e.n_touched; i++)
		note_entity(w, t, e.touched[i].dataset, e.touched[i].id, &s);
	txn_abort(&t);
	arena_release(&a);
}

static void bare_save(MDB_env *env, MDB_dbi *dbi, const struct written *w)
{
	static const char bytes[65536];
	MDB_txn *t;

	must(mdb_txn_begin(env, NULL, 0, &t), "begin");
	for (size_t i = 0; i < w->n; i++) {
		MDB_val k = { w->put[i].key.n,
			      (void *)(uintptr_t)w->put[i].key.p };
		MDB_val v = { w->put[i].n, (void *)(uintptr_t)bytes };

		must(mdb_put(t, dbi[w->put[i].table], &k, &v, 0), "put");
	}
	must(mdb_txn_commit(t), "commit");
}

static void bench_visits(struct demo *d)
{
	static double ours[SAVES], theirs[SAVES], cpu[SAVES];
	struct arena a = { 0 };
	struct written w;
	size_t bytes = 0;

	for (size_t i = 0; i < SAVES; i++) {
		struct submission s = again(d, i, &a);
		double start = now_us(), work = cpu_us();

		must_told(cases_submit(d->c, &s, STR(""), &report), "submit",
			  &report);
		cpu[i] = cpu_us() - work;
		ours[i] = now_us() - start;
		note_all(d, s.instance_id, &w);
		start = now_us();
		bare_save(d->bare, d->dbi, &w);
		theirs[i] = now_us() - start;
		bytes += s.xml.n;
		arena_reset(&a);
	}
	printf("# a visit: %zu bytes of XML, %zu rows\n", bytes / SAVES, w.n);
	row("cases: visit durable, p50", at_rank(ours, SAVES, 50) / 1e3, "ms",
	    at_rank(theirs, SAVES, 50) / 1e3);
	row("cases: visit durable, p99", at_rank(ours, SAVES, 99) / 1e3, "ms",
	    at_rank(theirs, SAVES, 99) / 1e3);
	row("cases: visit, CPU p50", at_rank(cpu, SAVES, 50), "us", 1);
	arena_release(&a);
}

/* ---- an answer */
static struct ref first_text(struct session *s, struct arena *a)
{
	struct step *steps;
	size_t n;

	must(session_walk(s, a, &steps, &n), "walk");
	for (size_t i = 0; i < n; i++)
		if (steps[i].kind == STEP_QUESTION &&
		    steps[i].item->kind == ITEM_INPUT &&
		    steps[i].item->type == TYPE_DATE)
			return steps[i].ref;
	return REF_NONE;
}

static void bench_acts(struct demo *d)
{
	static double acts[ACTS], answers[ACTS], theirs[ACTS];
	struct cases_start how = { .form = str_from(form) };
	struct changes changes = { 0 };
	struct session *s = NULL;
	struct draft *draft = NULL;
	struct written w = { .n = 1 };
	struct ref fixed, ref;
	struct id id;

	must_told(cases_start(d->c, &how, &s, &fixed, &report), "start",
		  &report);
	must(draft_new(&draft, d->c, s, STR(""), STR("")), "draft");
	ref = first_text(s, &d->arena);
	must(!ref.node, "no question");
	must(!id_parse(draft_id(draft), &id), "id");
	w.put[0].table = TABLE_DRAFT_ACT;
	for (size_t i = 0; i < ACTS; i++) {
		char day[16];
		double start = now_us(), middle;

		snprintf(day, sizeof(day), "2026-10-%02zu", 1 + i % 28);
		must(session_answer(s, ref, str_from(day), &changes) != 0,
		     "answer");
		middle = now_us();
		must(draft_act(draft, changes.record, STR("/data/petugas/tgl")),
		     "act");
		acts[i] = now_us() - middle;
		answers[i] = now_us() - start;
		w.put[0].key.n = 0;
		key_id(&w.put[0].key, &id);
		key_u64(&w.put[0].key, i);
		w.put[0].n = changes.record.n + 40 + SEAL_OVERHEAD;
		start = now_us();
		bare_save(d->bare_drafts, d->dbi, &w);
		theirs[i] = now_us() - start;
	}
	row("cases: draft act durable, p50", at_rank(acts, ACTS, 50) / 1e3,
	    "ms", at_rank(theirs, ACTS, 50) / 1e3);
	row("cases: draft act durable, p99", at_rank(acts, ACTS, 99) / 1e3,
	    "ms", at_rank(theirs, ACTS, 99) / 1e3);
	row("cases: answer computed and durable, p50",
	    at_rank(answers, ACTS, 50) / 1e3, "ms",
	    at_rank(theirs, ACTS, 50) / 1e3);
	draft_close(draft);
	session_free(s);
	changes_release(&changes);
}

/* ---- a kecamatan */
#define HOUSES 12500
#define BATCH  500

static void fill(struct world *w)
{
	static struct submission subs[BATCH];
	double start = cpu_us();
	size_t met = 0;

	for (size_t i = 0; i < HOUSES; i += BATCH) {
		for (size_t k = 0; k < BATCH; k++) {
			const char *people[PEOPLE];
			struct person person;

			for (size_t p = 0; p < PEOPLE; p++) {
				person_at(met++, &person);
				people[p] = arena_cstr(&w->arena,
						       str_from(person.name));
			}
			subs[k] = world_family(w, world_uuid(w), people[0],
					       people, PEOPLE, NULL);
		}
		must_told(cases_submit_all(w->cases, subs, BATCH, &w->report),
			  "submit", &w->report);
		arena_reset(&w->arena);
	}
	row("cases: a registration of five, in bulk, CPU",
	    (cpu_us() - start) / HOUSES, "us", 1);
}

static void bench_rebuild(struct world *w)
{
	double start = cpu_us();

	must_told(cases_rebuild(w->cases, NULL, NULL, &report), "rebuild",
		  &report);
	row("cases: rebuild, an event with 5 entities, CPU",
	    (cpu_us() - start) / HOUSES, "us", 1);
}

int main(void)
{
	struct demo d = { 0 };
	struct world w;

	must(!mkdtemp(folder), "mkdtemp");
	demo_open(&d);
	bench_visits(&d);
	bench_acts(&d);
	demo_close(&d);
	world_make(&w);
	fill(&w);
	bench_rebuild(&w);
	world_remove(&w);
	run("rm", "-rf", folder, "");
	return 0;
}
