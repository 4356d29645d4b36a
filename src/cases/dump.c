/* SPDX-License-Identifier: MIT */
#include "pilar/utf8.h"

#include "event.h"
#include "index.h"

/* A line is a state and its texts, each byte at most four characters. */
#define LINE_MAX_BYTES ((size_t)128 << 20)

struct dump {
	struct txn *t;
	struct arena arena; /* of one line */
	struct buf line;
	enum err (*sink)(void *arg, struct str line);
	void *arg;
};

/* ---- fields, a tab before each */
static void escape(struct buf *b, struct str s)
{
	for (size_t at = 0; at < s.n;) {
		size_t from = at;
		uint32_t cp = utf8_next(s, &at);

		if (cp != '\\' && cp != 0xfffd && utf8_printable(cp)) {
			buf_addstr(b, str_sub(s, from, at));
			continue;
		}
		for (; from < at; from++)
			buf_addf(b, "\\x%02x", (unsigned)(uint8_t)s.p[from]);
	}
}

static void text(struct dump *d, struct str s)
{
	buf_addc(&d->line, '\t');
	escape(&d->line, s);
}

static void number(struct dump *d, int64_t n)
{
	buf_addf(&d->line, "\t%lld", (long long)n);
}

static void id(struct dump *d, const struct id *i)
{
	char out[UUID_LEN + 1];

	text(d, id_text(i, out));
}

static void stamp(struct dump *d, const struct stamp *s)
{
	char out[2 * DEVICE_BYTES + 1];

	text(d, device_text(s->device, out));
	number(d, (int64_t)s->seq);
}

static void branch(struct dump *d, bool has, const struct id *i)
{
	if (has)
		id(d, i);
	else
		text(d, STR("-"));
}

static void props(struct dump *d, const struct entity_prop *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		text(d, p[i].name);
		buf_addc(&d->line, '=');
		escape(&d->line, p[i].value);
	}
}

/* ---- tables */
static enum err by_instance(struct dump *d, struct rd *key, struct str value)
{
	struct rd r = RD_INIT(value);
	struct stamp s = rd_stamp(&r);

	buf_addc(&d->line, '\t');
	hex(&d->line, (const uint8_t *)key->rest.p, key->rest.n);
	stamp(d, &s);
	buf_addc(&d->line, '\t');
	hex(&d->line, (const uint8_t *)r.rest.p, r.rest.n);
	return r.failed;
}

/* What it is found by. */
static void record_line(struct dump *d, struct str value)
{
	enum dataset_search kind;
	struct str word;
	size_t at = 0;

	text(d, STR("S"));
	while (record_word(value, &at, &kind, &word)) {
		buf_addf(&d->line, "\t%d:", (int)kind);
		escape(&d->line, word);
	}
}

static enum err entity(struct dump *d, struct rd *key, struct str value)
{
	struct str dataset = rd_name(key);
	struct id i = rd_id(key);
	struct state s = { .exists = true };
	enum err rc;

	text(d, dataset);
	id(d, &i);
	if (key->rest.n) {
		record_line(d, value);
		return key->failed;
	}
	rc = state_read(value, &d->arena, &s);
	if (rc)
		return rc;
	number(d, (int64_t)s.version);
	number(d, (int64_t)s.trunk);
	number(d, (int64_t)s.conflict);
	branch(d, s.has_branch, &s.branch);
	stamp(d, &s.created);
	number(d, s.created_at_op);
	stamp(d, &s.last);
	number(d, s.changed_at);
	number(d, s.offset_min);
	text(d, s.label);
	props(d, s.props, s.n_props);
	text(d, STR("|"));
	for (size_t k = 0; k < s.n_shown; k++)
		text(d, s.shown[k]);
	return key->failed;
}

static enum err entity_event(struct dump *d, struct rd *key, struct str value)
{
	struct id i = rd_id(key);
	struct row r = { .stamp = rd_stamp(key) };
	enum err rc = row_read(value, &d->arena, &r);

	if (rc)
		return rc;
	id(d, &i);
	stamp(d, &r.stamp);
	stamp(d, &r.seen);
	number(d, r.at);
	number(d, r.offset_min);
	branch(d, r.has_branch, &r.branch);
	for (size_t k = 0; k < r.n_deeds; k++) {
		const struct deed *deed = &r.deeds[k];

		text(d, STR("|"));
		number(d, deed->at);
		number(d, deed->op.verb);
		text(d, deed->op.dataset);
		text(d, deed->op.label);
		props(d, deed->op.props, deed->op.n_props);
	}
	return key->failed;
}

/* ---- the table `index`; of its keys the kind is read */
static void conflict_line(struct dump *d, struct rd *key, struct rd *value)
{
	struct id i;

	text(d, rd_name(key));
	i = rd_id(key);
	id(d, &i);
	text(d, value->rest);
}

static void count_line(struct dump *d, struct rd *key, struct rd *value)
{
	text(d, rd_name(key));
	number(d, (int64_t)rd_u64(value));
}

static void due_line(struct dump *d, struct rd *key, struct rd *value)
{
	struct id i;

	(void)value;
	number(d, rd_u32(key));
	i = rd_id(key);
	id(d, &i);
	number(d, rd_u32(key));
	text(d, rd_name(key));
}

static void form_line(struct dump *d, struct rd *key, struct rd *value)
{
	struct stamp s = rd_stamp(value);

	text(d, rd_name(key));
	stamp(d, &s);
}

static void link_line(struct dump *d, struct rd *key, struct rd *value)
{
	struct id parent, child;
	struct stamp s;

	(void)value;
	text(d, rd_name(key));
	text(d, rd_name(key));
	parent = rd_id(key);
	s = rd_stamp(key);
	id(d, &parent);
	stamp(d, &s);
	number(d, rd_u32(key));
	child = rd_id(key);
	id(d, &child);
}

static void prop_line(struct dump *d, struct rd *key, struct rd *value)
{
	(void)value;
	text(d, rd_name(key));
	text(d, rd_name(key));
}

static void unique_line(struct dump *d, struct rd *key, struct rd *value)
{
	struct id hash = rd_id(key), i = rd_id(key);

	(void)value;
	buf_addc(&d->line, '\t');
	hex(&d->line, hash.b, sizeof(hash.b));
	id(d, &i);
}

/* The other kinds hold what follows from these, in an order of their own. */
static const struct {
	enum index_kind kind;
	void (*line)(struct dump *d, struct rd *key, struct rd *value);
} indexes[] = {
	{ INDEX_CONFLICT, conflict_line }, { INDEX_COUNT, count_line },
	{ INDEX_DUE, due_line },           { INDEX_FORM, form_line },
	{ INDEX_LINK, link_line },         { INDEX_PROP, prop_line },
	{ INDEX_UNIQUE, unique_line },
};

static enum err index_row(struct dump *d, struct rd *key, struct str value)
{
	uint8_t kind = rd_u8(key);
	struct rd r = RD_INIT(value);

	for (size_t i = 0; i < ARRAY_LEN(indexes); i++) {
		if ((uint8_t)indexes[i].kind != kind)
			continue;
		buf_addf(&d->line, "\t%c", (char)kind);
		indexes[i].line(d, key, &r);
		return key->failed ? key->failed : r.failed;
	}
	buf_reset(&d->line);
	return ERR_NONE;
}

static enum err outbox(struct dump *d, struct rd *key, struct str value)
{
	struct stamp s = rd_stamp(key);

	stamp(d, &s);
	text(d, value);
	return key->failed;
}

static const struct {
	enum table table;
	enum err (*line)(struct dump *d, struct rd *key, struct str value);
} tables[] = {
	{ TABLE_BY_INSTANCE, by_instance },
	{ TABLE_ENTITY, entity },
	{ TABLE_ENTITY_EVENT, entity_event },
	{ TABLE_INDEX, index_row },
	{ TABLE_OUTBOX, outbox },
};

static enum err one_line(struct dump *d, size_t table, struct str key,
			 struct str value)
{
	struct rd r = RD_INIT(key);
	enum err rc;

	buf_reset(&d->line);
	buf_adds(&d->line, table_name(tables[table].table));
	rc = tables[table].line(d, &r, value);
	if (!rc)
		rc = d->line.failed;
	if (!rc && d->line.n)
		rc = d->sink(d->arg, buf_str(&d->line));
	arena_reset(&d->arena);
	return rc;
}

static enum err dump_table(struct dump *d, size_t table)
{
	struct cur cur = { 0 };
	struct str value;
	enum err rc = cur_begin(&cur, d->t, tables[table].table, STR(""),
				STR(""), false);

	while (!rc) {
		rc = cur_read(&cur, &value);
		if (!rc)
			rc = one_line(d, table, cur.key, value);
	}
	cur_end(&cur);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

enum err cases_dump(struct cases *c, enum err (*sink)(void *arg, struct str),
		    void *arg)
{
	struct dump d = { .line = BUF_INIT(LINE_MAX_BYTES),
			  .sink = sink,
			  .arg = arg };
	struct view v;
	enum err rc = view_begin(&v, c);

	if (rc)
		return rc;
	d.t = v.t;
	for (size_t i = 0; i < ARRAY_LEN(tables) && !rc; i++)
		rc = dump_table(&d, i);
	view_end(&v);
	buf_release(&d.line);
	arena_release(&d.arena);
	return rc;
}
