/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pilar/file.h"
#include "pilar/i18n.h"
#include "pilar/utf8.h"

#include "priv.h"

/* A store check: it reads the files itself and never asks LMDB for a page. */
struct check {
	struct store *st;
	struct report *rep;
	store_progress progress;
	void *arg;
	const char *path;
	bool copy; /* nobody else writes to it */
	struct buf plain;
	size_t done, bad, total;
	bool met[TABLE_COUNT + 1]; /* the last: head and slots */
};

/* Ask the caller to draw no more often than this many values. */
#define PROGRESS_STEP 256

static void say_value(struct check *c, struct str table, struct str key)
{
	struct buf name = BUF_INIT((size_t)2 * STORE_KEY_MAX);

	hex(&name, (const uint8_t *)key.p, key.n);
	report_add(c->rep, PROBLEM_ERROR, str_from(c->path),
		   _("nilai rusak: tabel %.*s, kunci %.*s"), STR_ARG(table),
		   STR_ARG(buf_str(&name)));
	buf_release(&name);
	c->bad++;
}

static enum err value_open(struct check *c, struct str table, struct str key,
			   struct str value)
{
	char name[32];
	struct place at;

	if (table.n >= sizeof(name) || key.n > STORE_KEY_MAX)
		return ERR_CORRUPT;
	memcpy(name, table.p, table.n);
	name[table.n] = '\0';
	buf_reset(&c->plain);
	return unseal(&c->plain, c->st->values,
		      place_of(&at, c->st->uuid, name, key), value);
}

/* Head and slots are in clear: their own sums and seals cover them. */
static enum err clear_record(struct str key, struct str value)
{
	struct head h;
	struct slot s;

	return str_eq(key, HEAD_KEY) ? head_read(&h, value)
				     : slot_read(&s, value);
}

static enum err check_value(void *arg, struct str table, struct str key,
			    struct str value)
{
	struct check *c = arg;
	enum err rc;

	if (str_is(table, "slot"))
		rc = clear_record(key, value);
	else
		rc = value_open(c, table, key, value);
	if (rc == ERR_CORRUPT || rc == ERR_TOOBIG)
		say_value(c, table, key);
	else if (rc)
		return rc;
	c->done++;
	if (c->progress && c->done % PROGRESS_STEP == 0)
		c->progress(c->arg, c->done, c->total);
	return ERR_NONE;
}

static enum err check_page(void *arg, struct str table, size_t page,
			   const char *what)
{
	struct check *c = arg;

	report_add(c->rep, PROBLEM_ERROR, str_from(c->path),
		   _("halaman rusak: tabel %.*s, halaman %zu: %s"),
		   STR_ARG(table), page, _(what));
	c->bad++;
	return ERR_NONE;
}

static enum err count_value(void *arg, struct str table, struct str key,
			    struct str value)
{
	(void)table;
	(void)key;
	(void)value;
	++*(size_t *)arg;
	return ERR_NONE;
}

/* Goes on behind damage. */
static enum err count_page(void *arg, struct str table, size_t page,
			   const char *what)
{
	(void)arg;
	(void)table;
	(void)page;
	(void)what;
	return ERR_NONE;
}

/* The state the picture shows stays while we read: a reader holds it. */
static enum err hold(struct check *c, enum store_env env, struct image *im,
		     struct txn **t)
{
	enum err rc = ERR_NOTFOUND;

	if (c->st->damaged)
		return ERR_NONE;
	for (int tries = 0; rc == ERR_NOTFOUND && tries < 100; tries++) {
		txn_abort(t);
		rc = txn_begin(t, c->st, env, TXN_READ);
		if (!rc)
			rc = image_pick(im, txn_id(*t));
	}
	return rc == ERR_NOTFOUND ? ERR_BUSY : rc;
}

static const char *name_of(int table)
{
	return table < TABLE_COUNT ? table_name((enum table)table) : "slot";
}

static enum err check_table(void *arg, struct str name)
{
	struct check *c = arg;
	struct buf clean = BUF_INIT(4096);

	for (int i = 0; i <= TABLE_COUNT; i++) {
		if (str_is(name, name_of(i))) {
			c->met[i] = true;
			return ERR_NONE;
		}
	}
	utf8_clean(&clean, name);
	report_add(c->rep, PROBLEM_ERROR, str_from(c->path),
		   _("tabel tidak dikenal: %.*s"), STR_ARG(buf_str(&clean)));
	buf_release(&clean);
	c->bad++;
	return ERR_NONE;
}

/* A table whose name was altered, or that is on a page that was lost. */
static void say_missing(struct check *c, enum store_env env)
{
	for (int i = 0; i <= TABLE_COUNT; i++) {
		if (i < TABLE_COUNT && table_env((enum table)i) != env)
			continue;
		if (c->met[i])
			continue;
		report_add(c->rep, PROBLEM_ERROR, str_from(c->path),
			   _("tabel %s hilang"), name_of(i));
		c->bad++;
	}
	memset(c->met, 0, sizeof(c->met));
}

/* With `count` it only counts what there is to do. */
static enum err check_file(struct check *c, enum store_env env, bool count)
{
	const struct image_visit see = { .table = check_table,
					 .value = check_value,
					 .damage = check_page,
					 .arg = c };
	const struct image_visit sum = { .value = count_value,
					 .damage = count_page,
					 .arg = &c->total };
	struct image im = { 0 };
	struct txn *t = NULL;
	enum err rc = image_open(&im, c->path);

	if (rc)
		goto out;
	rc = c->copy ? ERR_NONE : hold(c, env, &im, &t);
	if (rc)
		goto out;
	rc = image_walk(&im, count ? &sum : &see);
	if (rc == ERR_CORRUPT) /* said, and gone on */
		rc = ERR_NONE;
	if (!rc && !count)
		say_missing(c, env);
out:
	txn_abort(&t);
	image_close(&im);
	return rc;
}

static enum err check_env(struct check *c, enum store_env env, bool count)
{
	struct arena a = { 0 };
	enum err rc = ERR_NOMEM;

	c->path = path_join(&a, env == STORE_MAIN ? c->st->dir : c->st->drafts,
			    DATA_FILE);
	if (c->path)
		rc = check_file(c, env, count);
	arena_release(&a);
	return rc;
}

enum err check_copy(struct store *st, enum store_env env, const char *path,
		    struct report *rep, size_t *checked)
{
	struct check c = { .st = st,
			   .rep = rep,
			   .path = path,
			   .copy = true,
			   .plain = BUF_INIT(SEALED_MAX) };
	enum err rc = check_file(&c, env, false);

	buf_release(&c.plain);
	*checked += c.done;
	return !rc && c.bad ? ERR_CORRUPT : rc;
}

enum err store_check(struct store *st, struct report *rep,
		     store_progress progress, void *arg, size_t *checked)
{
	struct check c = { .st = st,
			   .rep = rep,
			   .progress = progress,
			   .arg = arg,
			   .plain = BUF_INIT(SEALED_MAX) };
	enum err rc = ERR_NONE;

	for (int env = 0; !rc && progress && env < ENV_COUNT; env++)
		rc = check_env(&c, (enum store_env)env, true);
	for (int env = 0; !rc && env < ENV_COUNT; env++)
		rc = check_env(&c, (enum store_env)env, false);
	buf_release(&c.plain);
	*checked = c.done;
	if (rc)
		store_say(rep, st->dir, rc);
	else if (c.bad)
		rc = ERR_CORRUPT;
	return rc;
}
