/* SPDX-License-Identifier: MIT */
#include "pilar/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "pilar/file.h"
#include "pilar/i18n.h"

#include "priv.h"

#define WAIT_MS 2000

/* File systems on which a mapped file or a lock is not what LMDB takes it to
 * be: networks, and FAT, which has neither modes nor a journal. */
static const struct {
	unsigned long magic;
	const char *name;
} unfit[] = {
	{ 0x6969, "NFS" },      { 0x517b, "SMB" },      { 0xfe534d42, "SMB2" },
	{ 0xff534d42, "CIFS" }, { 0x4d44, "FAT" },      { 0x2011bab0, "exFAT" },
	{ 0x5346414f, "AFS" },  { 0x73757245, "Coda" }, { 0x01021997, "9p" },
	{ 0x564c, "NCP" },      { 0x00c36400, "Ceph" },
};

/* General words for what has no sentence of its own. */
static const struct {
	enum err rc;
	const char *text;
} sentences[] = {
	{ ERR_NOTFOUND, N_("tidak ada penyimpanan pilar di folder ini; buat "
			   "dengan: pilar init") },
	{ ERR_EXISTS, N_("folder ini sudah berisi sesuatu; pilih folder lain "
			 "dengan --store") },
	{ ERR_LOCKED, N_("penyimpanan terkunci: kata sandi diperlukan atau "
			 "kata sandi salah") },
	{ ERR_VERSION, N_("penyimpanan dibuat oleh pilar yang lebih baru; "
			  "perbarui pilar untuk membukanya") },
	{ ERR_CORRUPT, N_("penyimpanan rusak; periksa dengan: pilar store "
			  "check") },
	{ ERR_REFUSED, N_("tidak ada izin membaca atau menulis di sini") },
	{ ERR_NOSPACE, N_("disk penuh") },
	{ ERR_NOMEM, N_("memori habis") },
	{ ERR_BUSY, N_("sedang dipakai proses lain; coba lagi") },
	{ ERR_IO, N_("disk tidak dapat dibaca atau ditulis") },
};

void store_say(struct report *rep, const char *dir, enum err rc)
{
	for (size_t i = 0; rep && i < ARRAY_LEN(sentences); i++) {
		if (sentences[i].rc == rc)
			report_add(rep, PROBLEM_ERROR, str_from(dir), "%s",
				   _(sentences[i].text));
	}
}

static const char *unfit_name(const char *dir)
{
	struct statfs fs;

	if (statfs(dir, &fs))
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(unfit); i++) {
		if ((unsigned long)fs.f_type == unfit[i].magic)
			return unfit[i].name;
	}
	return NULL;
}

static char *joined(const char *dir, const char *name)
{
	size_t n = strlen(dir) + strlen(name) + 2;
	char *p = malloc(n);

	if (p)
		snprintf(p, n, "%s/%s", dir, name);
	return p;
}

/* ---- opening */

/* What the slot tables say, while the files are looked at. */
struct opening {
	struct store *st;
	const struct store_open *how;
	enum store_env env;
	bool head;
	size_t slots;
	enum err rc; /* ERR_LOCKED until a slot opens */
};

static enum err meet_head(struct opening *o, struct str record)
{
	struct head h;
	enum err rc = head_read(&h, record);

	if (rc)
		return rc;
	o->head = true;
	if (o->env == STORE_MAIN)
		memcpy(o->st->uuid, h.uuid, UUID_BYTES);
	else if (memcmp(o->st->uuid, h.uuid, UUID_BYTES) != 0)
		return ERR_CORRUPT; /* the drafts of another store */
	return ERR_NONE;
}

static enum err meet_slot(struct opening *o, struct str record)
{
	const struct store_open *how = o->how;
	struct slot s;
	enum err rc = slot_read(&s, record);

	if (rc)
		return rc;
	o->slots++;
	if (o->st->ring.dek)
		return ERR_NONE;
	rc = slot_open(&o->st->ring, o->st->uuid, &s,
		       &(struct opener){ how->passphrase, how->slot_name,
					 how->office });
	if (!rc && !o->st->slot.n) {
		o->st->slot = BUF_INIT(STORE_VALUE_MAX);
		buf_addstr(&o->st->slot, record);
		rc = o->st->slot.failed;
	}
	return rc == ERR_LOCKED ? ERR_NONE : rc;
}

/* The head comes first: "head" sorts before "slot". */
static enum err meet(void *arg, struct str table, struct str key,
		     struct str record)
{
	struct opening *o = arg;

	(void)table;
	if (str_eq(key, HEAD_KEY))
		return meet_head(o, record);
	if (!o->head)
		return ERR_CORRUPT;
	return o->env == STORE_MAIN ? meet_slot(o, record) : ERR_CORRUPT;
}

static enum err open_env(struct store *st, const struct store_open *how,
			 enum store_env which, struct report *rep)
{
	struct opening o = { .st = st, .how = how, .env = which };
	struct env *env = &st->env[which];
	enum err rc;

	*env = (struct env){ .which = which,
			     .path = which == STORE_MAIN ? st->dir : st->drafts,
			     .start = how->map_start,
			     .lock_fd = how->damaged ? -1 : st->lock_fd,
			     .now = sys_now(st->sys),
			     .progress = how->progress,
			     .progress_arg = how->progress_arg,
			     .read_only = st->read_only };
	rc = env_open(env, meet, &o, rep);
	if (rc == ERR_CORRUPT && o.head && how->damaged) {
		st->damaged = true;
		rc = ERR_NONE;
	}
	if (!rc && !o.head)
		rc = ERR_CORRUPT;
	if (!rc && which == STORE_MAIN && !st->ring.dek)
		rc = o.slots ? ERR_LOCKED : ERR_CORRUPT;
	return rc;
}

static enum err derive_keys(struct store *st)
{
	enum err rc = seal_key_derive(&st->values, st->ring.dek, 1, "pilarval");

	if (!rc)
		rc = seal_key_derive(&st->index, st->ring.root, 2, "pilaridx");
	if (!rc)
		rc = seal_key_derive(&st->log, st->ring.root, 3, "pilarlog");
	return rc;
}

/* Is it there, on a fit file system, and may we write it? */
static enum err look_at_folder(struct store *st, const struct store_open *how,
			       struct report *rep)
{
	const char *fs = unfit_name(st->dir);
	char *data = joined(st->dir, DATA_FILE);
	bool there = data && access(data, F_OK) == 0;
	bool mine =
		data && access(data, W_OK) == 0 && access(st->dir, W_OK) == 0;

	free(data);
	if (!data)
		return ERR_NOMEM;
	if (!there)
		return ERR_NOTFOUND;
	if (fs && !how->any_file_system) {
		report_add(rep, PROBLEM_ERROR, str_from(st->dir),
			   _("penyimpanan tidak aman di sistem berkas %s; "
			     "pakai disk lokal"),
			   fs);
		return ERR_REFUSED;
	}
	st->read_only = how->read_only || !mine;
	if (!mine && !how->read_only)
		report_add(rep, PROBLEM_WARNING, str_from(st->dir),
			   _("HANYA BACA: berkas tidak boleh ditulis"));
	return ERR_NONE;
}

static enum err open_parts(struct store *st, const struct store_open *how,
			   struct report *rep)
{
	enum err rc = look_at_folder(st, how, rep);

	if (rc)
		return rc;
	if (!st->read_only) {
		leftovers_remove(st->dir);
		rc = lock_open(&st->lock_fd, st->dir);
		if (rc)
			return rc;
	}
	rc = open_env(st, how, STORE_MAIN, rep);
	if (rc)
		return rc;
	rc = derive_keys(st);
	if (rc)
		return rc;
	st->ticked = sys_now(st->sys); /* env_open() looked */
	return open_env(st, how, STORE_DRAFTS, rep);
}

enum err store_open(struct store **out, const struct store_open *how,
		    struct report *rep)
{
	struct store *st = calloc(1, sizeof(*st));
	size_t said = rep ? rep->errors : 0;
	enum err rc = ERR_NOMEM;

	if (!st)
		goto out;
	st->lock_fd = -1;
	st->journal_fd = -1;
	st->sys = how->sys;
	st->wait_ms = how->wait_ms ? how->wait_ms : WAIT_MS;
	st->dir = strdup(how->dir);
	st->drafts = joined(how->dir, DRAFTS_FOLDER);
	if (!st->dir || !st->drafts)
		goto out;
	rc = open_parts(st, how, rep);
out:
	if (rc && rep && rep->errors == said)
		store_say(rep, how->dir, rc);
	if (rc) {
		store_close(st);
		st = NULL;
	}
	*out = st;
	return rc;
}

void store_close(struct store *st)
{
	if (!st)
		return;
	for (int i = 0; i < ENV_COUNT; i++)
		env_close(&st->env[i]);
	if (st->journal_fd >= 0)
		close(st->journal_fd);
	if (st->lock_fd >= 0)
		close(st->lock_fd);
	seal_key_free(st->log);
	seal_key_free(st->index);
	seal_key_free(st->values);
	ring_free(&st->ring);
	buf_release(&st->slot);
	free(st->drafts);
	free(st->dir);
	free(st);
}

bool store_guarded(const struct store *st)
{
	struct slot s;

	return st->slot.n && !slot_read(&s, buf_str(&st->slot)) &&
	       s.kind != SLOT_OPEN;
}

enum err store_try(const struct store *st, struct str passphrase)
{
	struct ring ring = { NULL, NULL };
	struct slot s;
	enum err rc = slot_read(&s, buf_str(&st->slot));

	if (!rc)
		rc = slot_open(&ring, st->uuid, &s,
			       &(struct opener){ .secret = passphrase });
	ring_free(&ring);
	return rc;
}

bool store_gone(const struct store *st)
{
	struct stat s;

	return fstat(st->lock_fd, &s) || s.st_nlink == 0;
}

const char *store_dir(const struct store *st)
{
	return st->dir;
}

bool store_read_only(const struct store *st)
{
	return st->read_only;
}

const struct seal_key *store_index_key(const struct store *st)
{
	return st->index;
}

const struct seal_key *store_log_key(const struct store *st)
{
	return st->log;
}

void store_tick(struct store *st)
{
	st->ticked = sys_now(st->sys);
	for (int i = 0; i < ENV_COUNT; i++) {
		if (st->env[i].mdb && !st->read_only)
			mdb_reader_check(st->env[i].mdb, NULL);
	}
}

uint64_t store_last_txn(struct store *st, enum store_env env)
{
	return env_last_txn(&st->env[env]);
}

bool store_holder(struct store *st, enum store_env env,
		  struct store_holder *who)
{
	enum lock which = env == STORE_MAIN ? LOCK_MAIN : LOCK_DRAFTS;

	return st->lock_fd >= 0 && lock_holder(st->lock_fd, which, who);
}

size_t store_file_size(struct store *st)
{
	const char *folders[] = { st->dir, st->drafts };
	size_t sum = 0;

	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		char *path = joined(folders[i], DATA_FILE);
		struct stat s;

		if (path && !stat(path, &s))
			sum += (size_t)s.st_size;
		free(path);
	}
	return sum;
}
