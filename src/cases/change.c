/* SPDX-License-Identifier: MIT */
#include "change.h"

/*
 * A short log by which a process that has the search index in memory learns
 * which records it must read again. One row a transaction; no row or a gap
 * means: read all of it again. It is no projection and not in the dump.
 */
#define CHANGES_KEPT 4096u
/* More at once are quicker read from end to end. */
#define CHANGE_MAX 2000u

static void change_key(struct key *k, uint64_t number)
{
	key_index(k, INDEX_CHANGE);
	key_u64(k, number);
}

static bool key_number(struct str key, uint64_t *number)
{
	struct rd r = RD_INIT(key);

	rd_u8(&r);
	*number = rd_u64(&r);
	return rd_done(&r);
}

enum err change_last(struct txn *t, uint64_t *number)
{
	struct cur cur = { 0 };
	struct key k;
	enum err rc;

	*number = 0;
	key_index(&k, INDEX_CHANGE);
	rc = cur_begin(&cur, t, TABLE_INDEX, key_str(&k), STR(""), true);
	if (!rc)
		rc = cur_next(&cur);
	if (!rc && !key_number(cur.key, number))
		rc = ERR_CORRUPT;
	cur_end(&cur);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

static enum err drop_old(struct txn *t, uint64_t number)
{
	struct key k;
	enum err rc;

	if (number <= CHANGES_KEPT)
		return ERR_NONE;
	change_key(&k, number - CHANGES_KEPT);
	rc = txn_del(t, TABLE_INDEX, key_str(&k));
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

enum err change_put(struct txn *t, uint64_t number, const struct target *at,
		    size_t n)
{
	struct buf b = BUF_INIT(
		(size_t)CHANGE_MAX * (KEY_NAME_MAX + ID_BYTES + 4) + 8);
	struct key k;
	enum err rc;

	if (n > CHANGE_MAX)
		n = 0;
	buf_u32(&b, (uint32_t)n);
	for (size_t i = 0; i < n; i++) {
		buf_text(&b, at[i].dataset);
		buf_id(&b, &at[i].id);
	}
	change_key(&k, number);
	rc = b.failed;
	if (!rc)
		rc = txn_put(t, TABLE_INDEX, key_str(&k), buf_str(&b));
	buf_release(&b);
	return rc ? rc : drop_old(t, number);
}

enum err change_read(struct txn *t, uint64_t number, struct arena *a,
		     struct target **out, size_t *n)
{
	struct str value;
	struct rd r;
	struct key k;
	enum err rc;

	*n = 0;
	change_key(&k, number);
	rc = txn_get(t, TABLE_INDEX, key_str(&k), &value);
	if (rc)
		return rc;
	r = RD_INIT(value);
	*n = rd_u32(&r);
	if (*n > CHANGE_MAX)
		return ERR_CORRUPT;
	*out = arena_array(a, *n + 1, sizeof(**out));
	if (!*out)
		return ERR_NOMEM;
	for (size_t i = 0; i < *n; i++) {
		(*out)[i].dataset = arena_dup(a, rd_text(&r));
		(*out)[i].id = rd_id(&r);
	}
	return r.failed;
}
