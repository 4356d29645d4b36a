/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pilar/file.h"
#include "pilar/i18n.h"

#include "making.h"
#include "priv.h"

#define TMP_MARK ".tmp-"

/* The folder around `path` and its last part; both in the arena. */
static enum err split_path(struct arena *a, const char *path, char **folder,
			   char **last)
{
	struct str s = str_from(path);
	size_t slash;

	while (s.n > 1 && s.p[s.n - 1] == '/')
		s.n--;
	slash = s.n;
	while (slash && s.p[slash - 1] != '/')
		slash--;
	*last = arena_cstr(a, str_sub(s, slash, s.n));
	while (slash > 1 && s.p[slash - 1] == '/')
		slash--;
	*folder = arena_cstr(a, slash ? str_sub(s, 0, slash) : STR("."));
	return *folder && *last ? ERR_NONE : ERR_NOMEM;
}

/* ---- leftovers */

/* A half-made store: two folders of plain files. Being made: left alone. */
static void leftover_remove(struct arena *a, const char *dir)
{
	char *lock = path_join(a, dir, LOCK_FILE);
	char *drafts = path_join(a, dir, DRAFTS_FOLDER);
	enum err rc = ERR_NONE;
	int fd = -1;

	if (!lock || !drafts)
		return;
	if (file_exists(lock)) {
		rc = lock_open(&fd, dir);
		if (!rc)
			rc = lock_take(fd, LOCK_MAKING, 0);
	}
	if (!rc && file_exists(drafts))
		rc = dir_remove(drafts);
	if (!rc)
		rc = dir_remove(dir);
	if (fd >= 0)
		close(fd);
	(void)rc; /* what cannot go now goes at the next start */
}

void leftovers_remove(const char *dir)
{
	struct arena a = { 0 };
	char *folder = NULL, *last = NULL;
	struct str *names = NULL, mark;
	size_t n = 0;

	if (split_path(&a, dir, &folder, &last))
		goto out;
	if (dir_list(folder, &a, &names, &n))
		goto out;
	mark = arena_printf(&a, "%s" TMP_MARK, last);
	for (size_t i = 0; mark.n && i < n; i++) {
		char *path;

		if (!str_starts(names[i], mark))
			continue;
		path = path_join(&a, folder, names[i].p);
		if (path)
			leftover_remove(&a, path);
	}
out:
	arena_release(&a);
}

/* ---- making */

/* Head and slots, in their stored form. */
static enum err make_records(struct making *m, struct head *h,
			     struct buf slots[2], struct env_record *out,
			     size_t *n)
{
	const struct store_create *how = m->how;
	const struct slot_new list[] = {
		{ .kind = how->passphrase.n ? SLOT_PASSPHRASE : SLOT_OPEN,
		  .name = how->slot_name,
		  .secret = how->passphrase },
		{ .kind = SLOT_PAPER, .secret = how->paper },
	};
	static const struct str keys[] = { STR_INIT("slot1"),
					   STR_INIT("slot2") };
	struct ring ring = { NULL, NULL };
	enum err rc = seal_key_new(&ring.dek, NULL);

	if (!rc)
		rc = seal_key_new(&ring.root, seal_key_raw(ring.dek));

	for (size_t i = 0; !rc && i < ARRAY_LEN(list); i++) {
		if (i && !how->paper.n)
			break;
		rc = slot_write(&slots[i], h->uuid, how->sys, &ring, &list[i]);
		out[(*n)++] =
			(struct env_record){ keys[i], buf_str(&slots[i]) };
	}
	ring_free(&ring);
	return rc;
}

static enum err make_envs(struct making *m)
{
	const struct sys *sys = m->how->sys;
	struct buf head = BUF_INIT(4096);
	struct buf slots[2] = { BUF_INIT(4096), BUF_INIT(4096) };
	struct head h = { .schema = STORE_SCHEMA,
			  .reader = STORE_SCHEMA,
			  .created = sys_now(sys) };
	struct env main = { .which = STORE_MAIN, .path = m->tmp };
	struct env drafts = { .which = STORE_DRAFTS, .path = m->drafts };
	struct env_record all[3];
	size_t n = 1;
	enum err rc;

	sys->random(sys->self, h.uuid, sizeof(h.uuid));
	head_write(&head, &h);
	all[0] = (struct env_record){ HEAD_KEY, buf_str(&head) };
	rc = head.failed;
	if (!rc)
		rc = make_records(m, &h, slots, all, &n);
	if (!rc)
		rc = env_create(&main, all, n);
	if (!rc)
		rc = env_create(&drafts, all, 1);
	buf_release(&head);
	for (size_t i = 0; i < ARRAY_LEN(slots); i++)
		buf_release(&slots[i]);
	return rc;
}

static enum err call_fill(struct making *m)
{
	const struct store_open open = { .dir = m->tmp,
					 .sys = m->how->sys,
					 .passphrase = m->how->passphrase,
					 .map_start = m->how->map_start };
	struct store *st = NULL;
	enum err rc;

	if (!m->how->fill)
		return ERR_NONE;
	rc = store_open(&st, &open, m->rep);
	for (int i = 0; !rc && i < ENV_COUNT; i++)
		env_hold(&st->env[i]);
	if (!rc)
		rc = m->how->fill(m->how->arg, st);
	m->filling = rc != ERR_NONE;
	for (int i = 0; !rc && i < ENV_COUNT; i++)
		rc = env_sync(&st->env[i]);
	store_close(st);
	return rc;
}

static enum err make_folders(struct making *m)
{
	uint32_t tag = 0;
	char *last = NULL;
	enum err rc;

	rc = split_path(&m->arena, m->how->dir, &m->folder, &last);
	if (rc)
		return rc;
	m->how->sys->random(m->how->sys->self, &tag, sizeof(tag));
	last = (char *)(uintptr_t)arena_printf(&m->arena, "%s" TMP_MARK "%08x",
					       last, tag)
		       .p;
	m->tmp = last ? path_join(&m->arena, m->folder, last) : NULL;
	m->drafts = m->tmp ? path_join(&m->arena, m->tmp, DRAFTS_FOLDER) : NULL;
	if (!m->drafts)
		return ERR_NOMEM;
	rc = dir_make(m->folder);
	if (rc)
		return rc;
	if (mkdir(m->tmp, 0700))
		return err_from_errno(errno);
	rc = lock_open(&m->lock_fd, m->tmp);
	if (!rc)
		rc = lock_take(m->lock_fd, LOCK_MAKING, 0);
	if (!rc && mkdir(m->drafts, 0700))
		rc = err_from_errno(errno);
	return rc;
}

/* The rename is the moment at which there is a store. */
static enum err put_in_place(struct making *m)
{
	enum err rc = dir_sync(m->drafts);

	if (!rc)
		rc = dir_sync(m->tmp);
	if (!rc && rename(m->tmp, m->how->dir))
		rc = errno == ENOTDIR ? ERR_EXISTS : err_from_errno(errno);
	return rc ? rc : dir_sync(m->folder);
}

static enum err spend_numbers(struct making *m)
{
	char *file = path_join(&m->arena, m->tmp, DATA_FILE);

	return file ? image_spend_numbers(file) : ERR_NOMEM;
}

static enum err make(struct making *m)
{
	enum err rc = make_folders(m);

	if (!rc)
		rc = m->envs(m);
	if (!rc)
		rc = spend_numbers(m);
	if (!rc)
		rc = journal_create(m->tmp);
	if (!rc)
		rc = call_fill(m);
	if (!rc)
		rc = put_in_place(m);
	if (m->lock_fd >= 0)
		close(m->lock_fd);
	if (rc && m->tmp)
		leftover_remove(&m->arena, m->tmp);
	return rc;
}

/* An empty folder may become the store, any other thing may not. */
static enum err may_make(struct making *m)
{
	struct str *names = NULL;
	size_t n = 0;
	enum err rc = dir_list(m->how->dir, &m->arena, &names, &n);

	if (rc == ERR_NOTFOUND || (!rc && n == 0))
		return ERR_NONE;
	return rc && rc != ERR_IO ? rc : ERR_EXISTS;
}

enum err making_run(struct making *m)
{
	size_t said = m->rep ? m->rep->errors : 0;
	enum err rc;

	m->lock_fd = -1;
	leftovers_remove(m->how->dir);
	rc = may_make(m);
	if (!rc)
		rc = make(m);
	if (rc && m->rep && m->rep->errors == said && !m->filling)
		store_say(m->rep, m->how->dir, rc);
	arena_release(&m->arena);
	return rc;
}

enum err store_create(const struct store_create *how, struct report *rep)
{
	struct making m = { .how = how, .rep = rep, .envs = make_envs };

	return making_run(&m);
}
