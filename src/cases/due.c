/* SPDX-License-Identifier: MIT */
#include "pilar/when.h"

#include "project.h"

/* Days before 1970 stand before the others in the key. */
#define DAY_BIAS INT64_C(0x80000000)

struct due_key {
	int64_t day;
	struct id id;
	uint32_t row; /* which of the dataset's rows of kind `due` */
	struct str dataset;
};

static bool day_of(struct str text, int64_t *day)
{
	struct when w;

	if (!when_parse(str_trim(text), &w) || !w.has_date)
		return false;
	*day = when_days(w.year, w.month, w.day);
	return *day > -DAY_BIAS && *day < DAY_BIAS;
}

static void put_day(struct key *k, int64_t day)
{
	key_index(k, INDEX_DUE);
	key_u32(k, (uint32_t)(day + DAY_BIAS));
}

static void due_key(struct key *k, const struct due_key *d)
{
	put_day(k, d->day);
	key_id(k, &d->id);
	key_u32(k, d->row);
	key_name(k, d->dataset);
}

static enum err read_key(struct str key, struct due_key *d)
{
	struct rd r = RD_INIT(key);

	rd_u8(&r);
	d->day = (int64_t)rd_u32(&r) - DAY_BIAS;
	d->id = rd_id(&r);
	d->row = rd_u32(&r);
	d->dataset = rd_name(&r);
	return rd_done(&r) ? ERR_NONE : ERR_CORRUPT;
}

/* ---- keeping it */
static struct str text_at(struct str *const *texts, size_t n, size_t i)
{
	return i < n ? (*texts)[i] : (struct str){ NULL, 0 };
}

static enum err move(struct project *p, struct due_key *d, struct str was,
		     struct str is)
{
	struct key k;
	enum err rc = ERR_NONE;

	if (day_of(was, &d->day)) {
		due_key(&k, d);
		rc = txn_del(p->t, TABLE_INDEX, key_str(&k));
		if (rc == ERR_NOTFOUND)
			rc = ERR_NONE;
	}
	if (!rc && day_of(is, &d->day)) {
		due_key(&k, d);
		rc = txn_put(p->t, TABLE_INDEX, key_str(&k), STR(""));
	}
	return rc;
}

enum err due_update(struct project *p, const struct dataset *ds,
		    const struct state *s, struct str *now, size_t n)
{
	struct due_key d = { .id = s->id, .dataset = s->dataset };
	size_t n_old = p->all ? 0 : s->n_shown;
	const struct dataset_row *row;
	enum err rc = ERR_NONE;

	for (uint32_t i = 0; !rc; i++) {
		struct str was, is;

		row = dataset_row(ds, DATASET_DUE, i);
		if (!row)
			break;
		d.row = i;
		was = text_at(&s->shown, n_old, row->shown);
		is = text_at(&now, n, row->shown);
		if (!str_eq(was, is))
			rc = move(p, &d, was, is);
	}
	return rc;
}

/* ---- asking */
struct asking {
	int64_t to;
	struct arena *arena; /* NULL: only counted */
	VEC(struct due) found;
	size_t n;
};

static enum err take(struct asking *q, const struct due_key *d)
{
	char text[UUID_LEN + 1];
	struct due *out;

	q->n++;
	if (!q->arena)
		return ERR_NONE;
	out = vec_push(&q->found);
	if (!out)
		return ERR_NOMEM;
	*out = (struct due){ .dataset = arena_dup(q->arena, d->dataset),
			     .id = arena_dup(q->arena, id_text(&d->id, text)),
			     .row = d->row,
			     .day = d->day };
	return out->dataset.p && out->id.p ? ERR_NONE : ERR_NOMEM;
}

static enum err ask(struct asking *q, struct txn *t, int64_t from)
{
	struct cur cur = { 0 };
	struct key prefix, start;
	enum err rc;

	if (from <= -DAY_BIAS)
		from = 1 - DAY_BIAS;
	if (from >= DAY_BIAS)
		return ERR_NONE;
	key_index(&prefix, INDEX_DUE);
	put_day(&start, from);
	rc = cur_begin(&cur, t, TABLE_INDEX, key_str(&prefix), key_str(&start),
		       false);
	while (!rc) {
		struct due_key d;

		rc = cur_next(&cur);
		if (!rc)
			rc = read_key(cur.key, &d);
		if (!rc && d.day > q->to)
			break;
		if (!rc)
			rc = take(q, &d);
	}
	cur_end(&cur);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

static enum err ask_store(struct asking *q, struct cases *c, int64_t from)
{
	struct view v;
	enum err rc = view_begin(&v, c);

	if (rc)
		return rc;
	rc = ask(q, v.t, from);
	view_end(&v);
	return rc;
}

enum err cases_due(struct cases *c, int64_t from, int64_t to, struct arena *a,
		   struct due **out, size_t *n)
{
	struct asking q = { .to = to, .arena = a };
	enum err rc = ask_store(&q, c, from);

	return vec_give(&q.found, a, out, n, rc);
}

enum err cases_due_count(struct cases *c, int64_t from, int64_t to, size_t *n)
{
	struct asking q = { .to = to };
	enum err rc = ask_store(&q, c, from);

	*n = q.n;
	return rc;
}

enum err cases_due_of(struct cases *c, const struct entity *e, struct arena *a,
		      struct due **out, size_t *n)
{
	const struct dataset *ds = datasets_find(cases_datasets(c), e->dataset);
	const struct dataset_row *row;
	size_t rows = 0;

	while (dataset_row(ds, DATASET_DUE, rows))
		rows++;
	*n = 0;
	*out = arena_array(a, rows + 1, sizeof(**out));
	if (!*out)
		return ERR_NOMEM;
	for (size_t i = 0; i < rows; i++) {
		struct due *d = &(*out)[*n];

		row = dataset_row(ds, DATASET_DUE, i);
		if (row->shown >= e->n_shown ||
		    !day_of(e->shown[row->shown], &d->day))
			continue;
		d->dataset = e->dataset;
		d->id = e->id;
		d->row = i;
		(*n)++;
	}
	return ERR_NONE;
}

struct str cases_due_label(struct cases *c, const struct due *d)
{
	const struct dataset *ds = datasets_find(cases_datasets(c), d->dataset);
	const struct dataset_row *row = dataset_row(ds, DATASET_DUE, d->row);

	return row ? dataset_label(row) : STR("");
}
