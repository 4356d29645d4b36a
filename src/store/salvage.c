/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <unistd.h>

#include "pilar/file.h"
#include "pilar/i18n.h"
#include "pilar/vec.h"

#include "image.h"
#include "making.h"
#include "priv.h"

#define SLOTS_MAX (STORE_SLOTS_MAX + 1) /* with the head */

/*
 * What cannot be made again comes first; of these tables pages that nothing
 * leads to are looked through as well. What is made of events comes along for
 * the case that they cannot all be applied again. Drafts are taken from their
 * tables alone: an old page may hold one that was thrown away.
 */
static const struct {
	enum table table;
	bool scanned;
} tables[] = {
	{ TABLE_EVENT, true },   { TABLE_META, true },
	{ TABLE_WORKER, true },  { TABLE_FORM, true },
	{ TABLE_MEDIA, true },   { TABLE_BATCH, true },
	{ TABLE_AUDIT, true },   { TABLE_BY_INSTANCE, false },
	{ TABLE_ENTITY, false }, { TABLE_ENTITY_EVENT, false },
	{ TABLE_INDEX, false },  { TABLE_OUTBOX, false },
	{ TABLE_DRAFT, false },  { TABLE_DRAFT_ACT, false },
	{ TABLE_TYPED, false },
};

struct salvage {
	const char *from;
	const struct store_create *to;
	struct report *rep;
	struct store_salvaged *out;
	struct arena arena;
	struct image im[ENV_COUNT];
	bool there[ENV_COUNT], damaged;
	struct env_record clear[SLOTS_MAX]; /* head and slots */
	size_t n_clear;
	uint8_t uuid[UUID_BYTES];
	bool head;
	struct ring ring;
	struct seal_key *values;
	struct buf plain;
	/* While a table is being copied. */
	struct txn *t;
	enum table table;
};

/* ---- the key */

static enum err take_clear(void *arg, struct str table, struct str key,
			   struct str value)
{
	struct salvage *s = arg;
	struct head h;
	struct slot slot;
	bool head = str_eq(key, HEAD_KEY);
	enum err rc = head ? head_read(&h, value) : slot_read(&slot, value);

	(void)table;
	if (rc == ERR_VERSION)
		return rc;
	if (rc || s->n_clear == SLOTS_MAX)
		return ERR_NONE;
	s->clear[s->n_clear++] = (struct env_record){ key, value };
	if (head) {
		memcpy(s->uuid, h.uuid, UUID_BYTES);
		s->head = true;
		return ERR_NONE;
	}
	if (s->ring.dek || !s->head)
		return ERR_NONE;
	rc = slot_open(&s->ring, s->uuid, &slot,
		       &(struct opener){ .secret = s->to->passphrase,
					 .name = s->to->slot_name });
	return rc == ERR_LOCKED ? ERR_NONE : rc;
}

static enum err pass_by(void *arg, struct str table, size_t page,
			const char *what)
{
	(void)arg;
	(void)table;
	(void)page;
	(void)what;
	return ERR_NONE;
}

static enum err find_key(struct salvage *s)
{
	const struct image_visit visit = { .only = STR("slot"),
					   .value = take_clear,
					   .damage = pass_by,
					   .arg = s };
	enum err rc = image_walk(&s->im[STORE_MAIN], &visit);

	if (rc && rc != ERR_CORRUPT)
		return rc;
	if (!s->head || s->n_clear < 2)
		return ERR_CORRUPT;
	if (!s->ring.dek)
		return ERR_LOCKED;
	return seal_key_derive(&s->values, s->ring.dek, 1, "pilarval");
}

/* ---- records */

static void say_lost(struct salvage *s, struct str key)
{
	struct buf name = BUF_INIT((size_t)2 * STORE_KEY_MAX);

	hex(&name, (const uint8_t *)key.p, key.n);
	report_add(s->rep, PROBLEM_WARNING, str_from(s->from),
		   _("hilang: tabel %s, kunci %.*s"), table_name(s->table),
		   STR_ARG(buf_str(&name)));
	buf_release(&name);
	s->out->lost++;
}

static enum err open_value(struct salvage *s, struct str key, struct str value)
{
	struct place at;

	if (!key.n || key.n > STORE_KEY_MAX)
		return ERR_CORRUPT;
	buf_reset(&s->plain);
	return unseal(&s->plain, s->values,
		      place_of(&at, s->uuid, table_name(s->table), key), value);
}

static enum err keep(struct salvage *s, struct str key)
{
	enum err rc = txn_put(s->t, s->table, key, buf_str(&s->plain));

	s->out->kept += !rc;
	return rc;
}

static enum err take_value(void *arg, struct str table, struct str key,
			   struct str value)
{
	struct salvage *s = arg;
	enum err rc = open_value(s, key, value);

	(void)table;
	if (!rc)
		return keep(s, key);
	if (rc == ERR_NOMEM)
		return rc;
	say_lost(s, key);
	return ERR_NONE;
}

static enum err see_damage(void *arg, struct str table, size_t page,
			   const char *what)
{
	struct salvage *s = arg;

	/* The list of tables is met once for each of them. */
	if (s->damaged && str_is(table, "(tables)"))
		return ERR_NONE;
	report_add(s->rep, PROBLEM_WARNING, str_from(s->from),
		   _("halaman rusak: tabel %.*s, halaman %zu: %s"),
		   STR_ARG(table), page, _(what));
	s->damaged = true;
	return ERR_NONE;
}

/* A seal opens only under the table and key it was made for. */
static enum err take_stray(void *arg, struct str key, struct str value)
{
	struct salvage *s = arg;

	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		enum err rc;

		if (!tables[i].scanned)
			continue;
		s->table = tables[i].table;
		if (txn_has(s->t, s->table, key))
			continue;
		rc = open_value(s, key, value);
		if (rc == ERR_NOMEM)
			return rc;
		if (rc)
			continue;
		s->out->found++;
		return keep(s, key);
	}
	return ERR_NONE;
}

static enum err pour_env(struct salvage *s, struct store *st,
			 enum store_env env)
{
	struct image *im = &s->im[env];
	enum err rc = txn_begin(&s->t, st, env, TXN_WRITE);

	s->damaged = false;
	for (size_t i = 0; !rc && i < ARRAY_LEN(tables); i++) {
		struct image_visit visit = { .value = take_value,
					     .damage = see_damage,
					     .arg = s };

		if (table_env(tables[i].table) != env)
			continue;
		s->table = tables[i].table;
		visit.only = str_from(table_name(s->table));
		rc = image_walk(im, &visit);
		if (rc == ERR_CORRUPT)
			rc = ERR_NONE;
	}
	/* Also where a leaf is lost without a page being in disorder. */
	if (!rc && env == STORE_MAIN && (s->damaged || s->out->lost))
		rc = image_scan(im, take_stray, s);
	if (!rc)
		rc = txn_commit(&s->t);
	txn_abort(&s->t);
	return rc;
}

static enum err pour(void *arg, struct store *st)
{
	struct salvage *s = arg;
	enum err rc = pour_env(s, st, STORE_MAIN);

	if (!rc && s->there[STORE_DRAFTS])
		rc = pour_env(s, st, STORE_DRAFTS);
	if (!rc && s->to->fill)
		rc = s->to->fill(s->to->arg, st);
	return rc;
}

static enum err envs_of_damaged(struct making *m)
{
	struct salvage *s = m->from;
	struct env main = { .which = STORE_MAIN, .path = m->tmp };
	struct env drafts = { .which = STORE_DRAFTS, .path = m->drafts };
	enum err rc = env_create(&main, s->clear, s->n_clear);

	return rc ? rc : env_create(&drafts, s->clear, 1);
}

/* ---- both */

static enum err open_images(struct salvage *s)
{
	char *main = path_join(&s->arena, s->from, DATA_FILE);
	char *drafts =
		path_join(&s->arena, s->from, DRAFTS_FOLDER "/" DATA_FILE);
	enum err rc = main && drafts ? ERR_NONE : ERR_NOMEM;

	if (!rc)
		rc = image_open_damaged(&s->im[STORE_MAIN], main);
	if (rc)
		return rc;
	rc = image_open_damaged(&s->im[STORE_DRAFTS], drafts);
	s->there[STORE_DRAFTS] = !rc;
	if (rc)
		report_add(s->rep, PROBLEM_WARNING, str_from(drafts),
			   _("draf tidak dapat dibaca lagi"));
	return ERR_NONE;
}

/* Nobody writes meanwhile; where we may not lock, nobody of us may write. */
static enum err hold_writers(struct salvage *s, int *fd)
{
	enum err rc = lock_open(fd, s->from);

	if (rc)
		return ERR_NONE;
	rc = lock_take(*fd, LOCK_MAIN, 0);
	return rc ? rc : lock_take(*fd, LOCK_DRAFTS, 0);
}

enum err store_salvage(const char *from, const struct store_create *to,
		       struct report *rep, struct store_salvaged *out)
{
	struct salvage s = { .from = from,
			     .to = to,
			     .rep = rep,
			     .out = out,
			     .plain = BUF_INIT(SEALED_MAX) };
	struct store_create how = *to;
	struct making m = {
		.how = &how, .rep = rep, .envs = envs_of_damaged, .from = &s
	};
	int fd = -1;
	enum err rc = hold_writers(&s, &fd);

	*out = (struct store_salvaged){ 0 };
	how.fill = pour;
	how.arg = &s;
	if (!rc)
		rc = open_images(&s);
	if (!rc)
		rc = find_key(&s);
	if (rc)
		store_say(rep, from, rc);
	else
		rc = making_run(&m);
	for (int i = 0; i < ENV_COUNT; i++)
		image_close(&s.im[i]);
	if (fd >= 0)
		close(fd);
	seal_key_free(s.values);
	ring_free(&s.ring);
	buf_release(&s.plain);
	arena_release(&s.arena);
	return rc;
}
