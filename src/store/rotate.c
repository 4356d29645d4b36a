/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pilar/file.h"
#include "pilar/i18n.h"

#include "making.h"
#include "priv.h"

/*
 * A new data key: everything is sealed anew in a store made beside the old
 * one, which it changes places with at once; then the old one goes. A power
 * cut leaves the one or the other. Others' writes wait meanwhile, and fail
 * afterwards: their files have no name any more.
 *
 * The keys of blind indexes and of the log stay: names of records are made
 * with them, and the log is a chain.
 */
#define SUFFIX      ".tmp-putar" /* a leftover of that name goes by itself */
#define PIECE_BYTES ((size_t)32 << 20)
/* Values between two looks at the watch. */
#define STEP 64

struct rotation {
	struct store *from;
	struct txn *t[ENV_COUNT]; /* nobody else writes; read through them */
	struct ring ring;
	struct slot_new slots[STORE_SLOTS_MAX];
	struct age_recipient to[STORE_SLOTS_MAX];
	size_t n;
	const struct store_watch *watch; /* or NULL */
	size_t done, total;              /* values */
	struct arena arena;
};

/* ---- the new slots */
static void push(struct rotation *r, enum slot_kind kind, struct str name,
		 struct str secret)
{
	r->slots[r->n++] = (struct slot_new){
		.kind = kind,
		.name = arena_dup(&r->arena, name),
		.secret = secret,
	};
}

/* An office's needs no secret of it. */
static enum err keep_office(struct rotation *r, struct str record)
{
	struct slot s;
	enum err rc = slot_read(&s, record);

	if (rc || s.kind != SLOT_OFFICE || r->n == STORE_SLOTS_MAX)
		return rc;
	if (s.wrapped.n < sizeof(r->to[0].key))
		return ERR_CORRUPT;
	memcpy(r->to[r->n].key, s.wrapped.p, sizeof(r->to[0].key));
	push(r, SLOT_OFFICE, s.name, STR(""));
	r->slots[r->n - 1].to = &r->to[r->n - 1];
	return ERR_NONE;
}

static enum err choose_slots(struct rotation *r, struct str secret,
			     struct str paper)
{
	struct slots all = { .n = 0 };
	struct slot own;
	enum err rc = slot_read(&own, buf_str(&r->from->slot));

	/* Only a passphrase can be wrapped anew and known to somebody. */
	if (!rc && own.kind != SLOT_OPEN && own.kind != SLOT_PASSPHRASE)
		rc = ERR_LOCKED;
	if (!rc)
		rc = slots_read(&all, r->t[STORE_MAIN]);
	if (!rc)
		push(r, own.kind, own.name, secret);
	if (!rc && own.kind != SLOT_OPEN)
		push(r, SLOT_PAPER, STR(""), paper);
	for (size_t i = 0; !rc && i < all.n; i++)
		rc = keep_office(r, all.at[i]);
	arena_release(&all.arena);
	return rc;
}

/* ---- the new store */
static enum err records(struct rotation *r, struct env_record *out, size_t *n)
{
	struct buf b = BUF_INIT(STORE_VALUE_MAX);
	struct head h = { .schema = STORE_SCHEMA,
			  .reader = STORE_SCHEMA,
			  .created = sys_now(r->from->sys) };
	enum err rc;

	memcpy(h.uuid, r->from->uuid, UUID_BYTES);
	head_write(&b, &h);
	rc = b.failed;
	out[0] = (struct env_record){ HEAD_KEY,
				      arena_dup(&r->arena, buf_str(&b)) };
	*n = 1;
	for (size_t i = 0; !rc && i < r->n; i++) {
		char name[SLOT_KEY_MAX];

		buf_reset(&b);
		rc = slot_write(&b, h.uuid, r->from->sys, &r->ring,
				&r->slots[i]);
		out[(*n)++] = (struct env_record){
			arena_dup(&r->arena, slot_key(name, i + 1)),
			arena_dup(&r->arena, buf_str(&b))
		};
	}
	buf_release(&b);
	return rc;
}

static enum err make_envs(struct making *m)
{
	struct env main = { .which = STORE_MAIN, .path = m->tmp };
	struct env drafts = { .which = STORE_DRAFTS, .path = m->drafts };
	struct env_record all[STORE_SLOTS_MAX + 1];
	size_t n = 0;
	enum err rc = records(m->from, all, &n);

	if (!rc)
		rc = env_create(&main, all, n);
	return rc ? rc : env_create(&drafts, all, 1);
}

/* ---- what it holds */
struct copying {
	struct store *to;
	struct txn *t;
	enum store_env env;
	size_t bytes; /* since the last commit */
};

/* Between two values. */
static enum err step(struct rotation *r)
{
	const struct store_watch *w = r->watch;

	if (!w || r->done++ % STEP)
		return ERR_NONE;
	if (w->progress)
		w->progress(w->arg, r->done, r->total);
	return w->cancelled && w->cancelled(w->arg) ? ERR_CANCELLED : ERR_NONE;
}

/* In pieces: one transaction has room for so much only. */
static enum err copy_one(struct copying *c, enum table table, struct str key,
			 struct str value)
{
	enum err rc = ERR_NONE;

	if (c->t && c->bytes > PIECE_BYTES)
		rc = txn_commit(&c->t);
	if (!rc && !c->t) {
		c->bytes = 0;
		rc = txn_begin(&c->t, c->to, c->env, TXN_WRITE);
	}
	c->bytes += key.n + value.n;
	return rc ? rc : txn_append(c->t, table, key, value);
}

static enum err copy_table(struct copying *c, struct rotation *r,
			   enum table table)
{
	struct txn *from = r->t[c->env];
	struct cur cur = { 0 };
	struct str value;
	enum err rc = cur_begin(&cur, from, table, STR(""), STR(""), false);

	while (!rc) {
		rc = cur_read(&cur, &value);
		if (!rc)
			rc = copy_one(c, table, cur.key, value);
		if (!rc)
			rc = step(r);
	}
	cur_end(&cur);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

static enum err copy_all(void *arg, struct store *to)
{
	struct rotation *r = arg;
	struct copying c = { .to = to };
	enum err rc = ERR_NONE;

	for (int t = 0; t < TABLE_COUNT; t++)
		r->total += txn_count(r->t[table_env((enum table)t)],
				      (enum table)t);

	for (int e = 0; !rc && e < ENV_COUNT; e++) {
		c.env = (enum store_env)e;
		for (int t = 0; !rc && t < TABLE_COUNT; t++)
			if (table_env((enum table)t) == c.env)
				rc = copy_table(&c, r, (enum table)t);
		if (!rc && c.t)
			rc = txn_commit(&c.t);
		txn_abort(&c.t);
	}
	return rc ? rc : journal_copy(r->from, to);
}

/* ---- changing places */
static enum err exchange(const char *a, const char *b)
{
	if (!syscall(SYS_renameat2, AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE))
		return ERR_NONE;
	return errno == EINVAL || errno == EXDEV ? ERR_REFUSED
						 : err_from_errno(errno);
}

/* What else lies in the folder stays in it: quarantine, parts of files. */
static void move_rest(struct rotation *r, const char *from, const char *to)
{
	static const char *const own[] = { DATA_FILE, "lock.mdb", LOCK_FILE,
					   JOURNAL_FILE, DRAFTS_FOLDER };
	struct str *names = NULL;
	size_t n = 0;

	if (dir_list(from, &r->arena, &names, &n))
		return;
	for (size_t i = 0; i < n; i++) {
		char *at = path_join(&r->arena, from, names[i].p);
		char *go = path_join(&r->arena, to, names[i].p);
		size_t k = 0;

		while (k < ARRAY_LEN(own) && !str_is(names[i], own[k]))
			k++;
		if (k == ARRAY_LEN(own) && at && go)
			(void)!rename(at, go);
	}
}

static enum err take_place(struct rotation *r, const char *made)
{
	const char *dir = r->from->dir;
	char *around = path_join(&r->arena, dir, "..");
	int fd = -1;
	enum err rc = around ? lock_open(&fd, made) : ERR_NOMEM;

	/* Or a start of the program takes it for a leftover. */
	if (!rc)
		rc = lock_take(fd, LOCK_MAKING, 0);
	if (!rc)
		rc = exchange(made, dir);
	if (!rc) {
		move_rest(r, made, dir);
		rc = dir_sync(around);
	}
	if (fd >= 0)
		close(fd);
	return rc;
}

static enum err rotate(struct rotation *r, struct str secret,
		       struct report *rep)
{
	struct str made = arena_printf(&r->arena, "%s" SUFFIX, r->from->dir);
	struct store_create how = { .dir = made.p,
				    .sys = r->from->sys,
				    .passphrase = secret,
				    .fill = copy_all,
				    .arg = r };
	struct making m = {
		.how = &how, .rep = rep, .envs = make_envs, .from = r
	};
	enum err rc = made.p ? making_run(&m) : ERR_NOMEM;

	return rc ? rc : take_place(r, made.p);
}

static enum err new_ring(struct rotation *r)
{
	enum err rc = seal_key_new(&r->ring.dek, NULL);

	return rc ? rc
		  : seal_key_new(&r->ring.root,
				 seal_key_raw(r->from->ring.root));
}

static enum err stop_writers(struct rotation *r)
{
	struct store *st = r->from;
	enum err rc = ERR_NONE;

	for (int e = 0; !rc && e < ENV_COUNT; e++)
		rc = txn_begin(&r->t[e], st, (enum store_env)e, TXN_WRITE);
	return rc ? rc : lock_take(st->lock_fd, LOCK_JOURNAL, st->wait_ms);
}

enum err store_rotate(struct store *st, struct str secret, struct str paper,
		      const struct store_watch *watch, struct report *rep)
{
	struct rotation r = { .from = st, .watch = watch };
	size_t said = rep ? rep->errors : 0;
	enum err rc = st->read_only ? ERR_REFUSED : store_try(st, secret);

	if (!rc)
		rc = stop_writers(&r);
	if (!rc)
		rc = choose_slots(&r, secret, paper);
	if (!rc)
		rc = new_ring(&r);
	if (!rc)
		rc = rotate(&r, secret, rep);
	if (rc && rep && rep->errors == said)
		store_say(rep, st->dir, rc);
	leftovers_remove(st->dir);
	lock_drop(st->lock_fd, LOCK_JOURNAL);
	for (int e = ENV_COUNT; e-- > 0;)
		txn_abort(&r.t[e]);
	ring_free(&r.ring);
	arena_release(&r.arena);
	return rc;
}
