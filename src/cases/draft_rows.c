/* SPDX-License-Identifier: MIT */
#include "draft_rows.h"

#define HEAD_FORMAT 1
#define HEAD_MAX    ((size_t)1 << 20)
/* One act writes at most every node of a form. */
#define ACT_MAX   ((size_t)16 << 20)
#define TYPED_MAX ((size_t)1 << 20)
#define BASE_MARK 'b'
#define KEPT_MARK 'k'
#define SEEN_MARK 's'

bool draft_key_parse(struct str text, struct draft_key *out)
{
	if (!id_parse(text, &out->id))
		return false;
	id_text(&out->id, out->text);
	return true;
}

/* ---- heads */
static void head_write(struct buf *b, const struct draft_head *h)
{
	buf_u8(b, HEAD_FORMAT);
	buf_text(b, h->form);
	buf_text(b, h->version);
	buf_text(b, h->title);
	buf_text(b, h->dataset);
	buf_text(b, h->entity);
	buf_text(b, h->entity_title);
	buf_text(b, h->worker);
	buf_text(b, h->instance_id);
	holder_write(b, &h->holder);
	buf_u64(b, h->acts);
	buf_u64(b, h->answered);
	buf_text(b, h->cursor);
	buf_u64(b, (uint64_t)h->at);
}

static enum err head_read(struct str value, struct draft_head *h)
{
	struct rd r = RD_INIT(value);

	if (rd_u8(&r) != HEAD_FORMAT)
		return ERR_CORRUPT;
	h->form = rd_text(&r);
	h->version = rd_text(&r);
	h->title = rd_text(&r);
	h->dataset = rd_text(&r);
	h->entity = rd_text(&r);
	h->entity_title = rd_text(&r);
	h->worker = rd_text(&r);
	h->instance_id = rd_text(&r);
	h->holder = rd_holder(&r);
	h->acts = rd_u64(&r);
	h->answered = rd_u64(&r);
	h->cursor = rd_text(&r);
	h->at = (int64_t)rd_u64(&r);
	return rd_done(&r) ? ERR_NONE : ERR_CORRUPT;
}

static struct str head_key(const struct id *id)
{
	return str_of((const char *)id->b, ID_BYTES);
}

enum err draft_head_get(struct txn *t, const struct id *id, struct arena *a,
			struct draft_head *h)
{
	struct str value;
	enum err rc = txn_get(t, TABLE_DRAFT, head_key(id), &value);

	if (rc)
		return rc;
	value = arena_dup(a, value);
	return value.p ? head_read(value, h) : ERR_NOMEM;
}

enum err draft_head_put(struct txn *t, const struct id *id,
			const struct draft_head *h)
{
	struct buf b = BUF_INIT(HEAD_MAX);
	enum err rc;

	head_write(&b, h);
	rc = b.failed;
	if (!rc)
		rc = txn_put(t, TABLE_DRAFT, head_key(id), buf_str(&b));
	buf_release(&b);
	return rc;
}

/* ---- the base */
static void part_key(struct key *k, const struct id *id, char mark)
{
	k->n = 0;
	key_id(k, id);
	k->p[k->n++] = mark;
}

static enum err part_get(struct txn *t, const struct id *id, char mark,
			 struct arena *a, struct str *bytes)
{
	struct key k;
	enum err rc;

	part_key(&k, id, mark);
	rc = txn_get(t, TABLE_DRAFT, key_str(&k), bytes);
	if (rc)
		return rc;
	*bytes = arena_dup(a, *bytes);
	return bytes->p ? ERR_NONE : ERR_NOMEM;
}

static enum err part_put(struct txn *t, const struct id *id, char mark,
			 struct str bytes)
{
	struct key k;

	part_key(&k, id, mark);
	return txn_put(t, TABLE_DRAFT, key_str(&k), bytes);
}

enum err draft_base_get(struct txn *t, const struct id *id, struct arena *a,
			struct str *xml)
{
	return part_get(t, id, BASE_MARK, a, xml);
}

enum err draft_base_put(struct txn *t, const struct id *id, struct str xml)
{
	return part_put(t, id, BASE_MARK, xml);
}

enum err draft_seen_get(struct txn *t, const struct id *id, struct arena *a,
			struct str *bytes)
{
	return part_get(t, id, SEEN_MARK, a, bytes);
}

enum err draft_seen_put(struct txn *t, const struct id *id, struct str bytes)
{
	return part_put(t, id, SEEN_MARK, bytes);
}

/* ---- what the owner keeps */
enum err draft_kept_get(struct txn *t, const struct id *id, struct arena *a,
			struct str *bytes)
{
	enum err rc = part_get(t, id, KEPT_MARK, a, bytes);

	/* Damaged: the answers are worth more than what goes with them. */
	if (rc != ERR_NOTFOUND && rc != ERR_CORRUPT)
		return rc;
	*bytes = STR("");
	return ERR_NONE;
}

enum err draft_kept_put(struct txn *t, const struct id *id, struct str bytes)
{
	return part_put(t, id, KEPT_MARK, bytes);
}

/* ---- acts */
enum err draft_act_put(struct txn *t, const struct id *id, uint64_t n,
		       const struct draft_act_row *row)
{
	struct buf b = BUF_INIT(ACT_MAX);
	struct key k = { .n = 0 };
	enum err rc;

	buf_u64(&b, (uint64_t)row->at);
	buf_text(&b, row->cursor);
	buf_text(&b, row->record);
	key_id(&k, id);
	key_u64(&k, n);
	rc = b.failed;
	if (!rc)
		rc = txn_put(t, TABLE_DRAFT_ACT, key_str(&k), buf_str(&b));
	buf_release(&b);
	return rc;
}

static enum err act_read(struct str key, struct str value, struct arena *a,
			 uint64_t *number, struct draft_act_row *row)
{
	struct rd k = RD_INIT(key), r;

	rd_id(&k);
	*number = rd_u64(&k);
	value = arena_dup(a, value);
	if (!value.p)
		return ERR_NOMEM;
	r = RD_INIT(value);
	row->at = (int64_t)rd_u64(&r);
	row->cursor = rd_text(&r);
	row->record = rd_text(&r);
	return rd_done(&r) && rd_done(&k) ? ERR_NONE : ERR_CORRUPT;
}

struct acts {
	VEC(struct draft_act_row) list;
};

static enum err read_acts(struct cur *cur, bool last, struct arena *a,
			  struct acts *all, uint64_t *first)
{
	struct str value;
	enum err rc = ERR_NONE;

	while (!rc && !(last && all->list.n)) {
		struct draft_act_row *row;
		uint64_t number = 0;

		rc = cur_read(cur, &value);
		if (rc)
			break;
		row = vec_push(&all->list);
		rc = row ? act_read(cur->key, value, a, &number, row)
			 : ERR_NOMEM;
		if (all->list.n == 1)
			*first = number;
	}
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

enum err draft_acts_get(struct txn *t, const struct id *id, bool last,
			struct arena *a, struct draft_acts *out)
{
	struct acts all = { 0 };
	struct key end = { .n = 0 };
	struct cur cur = { 0 };
	enum err rc;

	*out = (struct draft_acts){ .n = 0 };
	key_id(&end, id);
	key_u64(&end, UINT64_MAX);
	rc = cur_begin(&cur, t, TABLE_DRAFT_ACT, head_key(id),
		       last ? key_str(&end) : STR(""), last);
	if (!rc)
		rc = read_acts(&cur, last, a, &all, &out->first);
	cur_end(&cur);
	return vec_give(&all.list, a, &out->rows, &out->n, rc);
}

enum err draft_acts_del(struct txn *t, const struct id *id)
{
	struct cur cur = { 0 };
	enum err rc = cur_begin(&cur, t, TABLE_DRAFT_ACT, head_key(id), STR(""),
				false);

	while (!rc) {
		rc = cur_next(&cur);
		if (!rc)
			rc = txn_del(t, TABLE_DRAFT_ACT, cur.key);
	}
	cur_end(&cur);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

enum err draft_all_del(struct txn *t, const struct id *id)
{
	static const char marks[] = { KEPT_MARK, SEEN_MARK, BASE_MARK };
	enum err rc = draft_acts_del(t, id);

	for (size_t i = 0; i < sizeof(marks) && !rc; i++) {
		struct key k;

		part_key(&k, id, marks[i]);
		rc = txn_del(t, TABLE_DRAFT, key_str(&k));
		if (rc == ERR_NOTFOUND)
			rc = ERR_NONE;
	}
	return rc ? rc : txn_del(t, TABLE_DRAFT, head_key(id));
}

/* ---- half-typed text */
enum err draft_typed_put(struct store *st, const struct draft_key *key,
			 const struct draft_typed *typed)
{
	struct buf b = BUF_INIT(TYPED_MAX);
	enum err rc;

	buf_u64(&b, typed->acts);
	buf_text(&b, typed->cursor);
	buf_text(&b, typed->text);
	rc = b.failed;
	if (!rc)
		rc = journal_put(st, str_from(key->text), buf_str(&b));
	buf_release(&b);
	return rc;
}

enum err draft_typed_get(struct store *st, const struct draft_key *key,
			 struct arena *a, struct draft_typed *typed)
{
	struct str value;
	struct rd r;
	enum err rc = journal_get(st, str_from(key->text), a, &value);

	if (rc)
		return rc;
	r = RD_INIT(value);
	typed->acts = rd_u64(&r);
	typed->cursor = rd_text(&r);
	typed->text = rd_text(&r);
	return rd_done(&r) ? ERR_NONE : ERR_CORRUPT;
}
