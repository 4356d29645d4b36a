/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pilar/file.h"

#include "priv.h"

/*
 * The file: for each draft two halves of a page. A record is its sealed
 * length and the sealed bytes; sealed are the time of writing, a flag, the key
 * and the text. It goes to the half that does not hold the newest record, so a
 * torn write costs the last second and not what was there before.
 *
 * A text too long for a half goes to table "typed", with a record that says
 * so.
 */
#define HALF_BYTES 4096
#define SLOT_BYTES ((off_t)2 * HALF_BYTES)
#define FILE_BYTES (JOURNAL_DRAFTS * SLOT_BYTES)
/* 4 length, 42 seal, padding up to 256, 4 + 8 + 1 + 4 + 64 around the text. */
#define TEXT_MAX (HALF_BYTES - 4 - SEAL_OVERHEAD - 256 - 81)

enum { TEXT_HERE, TEXT_IN_TABLE };

struct record {
	bool there;
	uint64_t at;
	uint8_t kind;
	struct str key, text; /* in `plain` */
	struct buf plain;
};

/* One draft's place: which of its two halves is newer. */
struct place_found {
	int slot; /* -1: none */
	int half; /* the one with the newest record */
	struct record r;
};

static void found_release(struct place_found *f)
{
	buf_release(&f->r.plain);
	*f = (struct place_found){ .slot = -1 };
}

/* ---- the file */

static enum err write_zeroes(int fd)
{
	static const char page[HALF_BYTES];

	for (off_t at = 0; at < FILE_BYTES; at += HALF_BYTES) {
		ssize_t n = pwrite(fd, page, sizeof(page), at);

		if (n != (ssize_t)sizeof(page))
			return err_from_errno(n < 0 ? errno : ENOSPC);
	}
	return fsync(fd) ? err_from_errno(errno) : ERR_NONE;
}

/* Opens the journal; a missing or short one is made anew. */
static enum err journal_open(int *fd, const char *dir, bool read_only)
{
	struct arena a = { 0 };
	char *path = path_join(&a, dir, JOURNAL_FILE);
	int flags = read_only ? O_RDONLY : O_RDWR | O_CREAT;
	enum err rc = path ? ERR_NONE : ERR_NOMEM;
	struct stat st;

	if (!rc) {
		*fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (*fd < 0 || fstat(*fd, &st))
			rc = err_from_errno(errno);
		else if (st.st_size < FILE_BYTES && !read_only)
			rc = write_zeroes(*fd);
	}
	if (rc && path && *fd >= 0) {
		close(*fd);
		*fd = -1;
	}
	arena_release(&a);
	return rc;
}

enum err journal_create(const char *dir)
{
	int fd = -1;
	enum err rc = journal_open(&fd, dir, false);

	if (fd >= 0)
		close(fd);
	return rc;
}

static enum err begin(struct store *st, bool write)
{
	enum err rc = ERR_NONE;

	if (st->damaged)
		return ERR_CORRUPT;
	if (write && st->read_only)
		return ERR_REFUSED;
	if (st->journal_fd < 0)
		rc = journal_open(&st->journal_fd, st->dir, st->read_only);
	if (!rc && write)
		rc = lock_take(st->lock_fd, LOCK_JOURNAL, st->wait_ms);
	if (!rc && write && store_gone(st)) {
		lock_drop(st->lock_fd, LOCK_JOURNAL);
		rc = ERR_LOCKED;
	}
	return rc;
}

static void end(struct store *st)
{
	lock_drop(st->lock_fd, LOCK_JOURNAL);
}

/* ---- records */

static off_t offset(int slot, int half)
{
	return slot * SLOT_BYTES + (off_t)half * HALF_BYTES;
}

/* A record is bound to its half: copied elsewhere it does not open. */
static struct str half_place(const struct store *st, struct place *at, int slot,
			     int half)
{
	char where[2] = { (char)slot, (char)half };

	return place_of(at, st->uuid, JOURNAL_FILE, str_of(where, 2));
}

/* What cannot be opened is not there. Only memory can fail. */
static enum err half_read(struct store *st, int slot, int half,
			  struct record *r)
{
	char page[HALF_BYTES];
	ssize_t n =
		pread(st->journal_fd, page, sizeof(page), offset(slot, half));
	struct rd file = RD_INIT(str_of(page, n > 0 ? (size_t)n : 0));
	struct str sealed = rd_text(&file);
	struct place at;
	struct rd in;

	r->there = false;
	buf_release(&r->plain);
	r->plain = BUF_INIT(HALF_BYTES);
	if (file.failed || !sealed.n)
		return ERR_NONE;
	if (unseal(&r->plain, st->values, half_place(st, &at, slot, half),
		   sealed))
		return r->plain.failed == ERR_NOMEM ? ERR_NOMEM : ERR_NONE;
	in = RD_INIT(buf_str(&r->plain));
	r->at = rd_u64(&in);
	r->kind = rd_u8(&in);
	r->key = rd_text(&in);
	r->text = in.rest;
	r->there = !in.failed;
	return ERR_NONE;
}

static enum err half_write(struct store *st, int slot, int half,
			   const struct record *r)
{
	struct buf plain = BUF_INIT(HALF_BYTES), sealed = BUF_INIT(HALF_BYTES);
	struct buf out = BUF_INIT(HALF_BYTES);
	struct place at;
	enum err rc;
	ssize_t n;

	buf_u64(&plain, r->at);
	buf_u8(&plain, r->kind);
	buf_text(&plain, r->key);
	buf_addstr(&plain, r->text);
	rc = plain.failed;
	if (!rc)
		rc = seal(&sealed, st->values, half_place(st, &at, slot, half),
			  buf_str(&plain));
	buf_text(&out, buf_str(&sealed));
	if (!rc)
		rc = out.failed;
	if (!rc) {
		n = pwrite(st->journal_fd, out.p, out.n, offset(slot, half));
		if (n != (ssize_t)out.n)
			rc = err_from_errno(n < 0 ? errno : ENOSPC);
	}
	if (!rc && fdatasync(st->journal_fd))
		rc = err_from_errno(errno);
	buf_release(&plain);
	buf_release(&sealed);
	buf_release(&out);
	return rc;
}

/* The newest record of a slot. */
static enum err slot_newest(struct store *st, int slot, struct place_found *f)
{
	struct record other = { .there = false };
	enum err rc;

	f->slot = slot;
	f->half = 0;
	rc = half_read(st, slot, 0, &f->r);
	if (!rc)
		rc = half_read(st, slot, 1, &other);
	if (!rc && other.there && (!f->r.there || other.at > f->r.at)) {
		struct record older = f->r;

		f->r = other;
		f->half = 1;
		other = older;
	}
	buf_release(&other.plain);
	return rc;
}

/*
 * The slot of this key; without one, and with `make`, a free slot or the one
 * not written for longest.
 */
static enum err find(struct store *st, struct str key, bool make,
		     struct place_found *f)
{
	uint64_t oldest = UINT64_MAX;
	int free_slot = 0;
	enum err rc = ERR_NONE;

	for (int n = 0; n < JOURNAL_DRAFTS; n++) {
		uint64_t at;

		rc = slot_newest(st, (st->journal_slot + n) % JOURNAL_DRAFTS,
				 f);
		if (rc)
			return rc;
		if (f->r.there && str_eq(f->r.key, key)) {
			st->journal_slot = f->slot;
			return ERR_NONE;
		}
		at = f->r.there ? f->r.at : 0;
		if (at < oldest) {
			oldest = at;
			free_slot = f->slot;
		}
	}
	found_release(f);
	if (!make)
		return ERR_NOTFOUND;
	st->journal_slot = free_slot;
	return slot_newest(st, free_slot, f);
}

/* ---- long texts */

static enum err long_put(struct store *st, struct str key, struct str text)
{
	struct txn *t = NULL;
	enum err rc = txn_begin(&t, st, STORE_DRAFTS, TXN_WRITE);

	if (rc)
		goto out;
	rc = txn_put(t, TABLE_TYPED, key, text);
	if (rc)
		goto out;
	rc = txn_commit(&t);
out:
	txn_abort(&t);
	return rc;
}

static enum err long_del(struct store *st, struct str key)
{
	struct txn *t = NULL;
	enum err rc = txn_begin(&t, st, STORE_DRAFTS, TXN_WRITE);

	if (rc)
		goto out;
	rc = txn_del(t, TABLE_TYPED, key);
	if (rc)
		goto out;
	rc = txn_commit(&t);
out:
	txn_abort(&t);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

static enum err long_get(struct store *st, struct str key, struct arena *a,
			 struct str *text)
{
	struct txn *t = NULL;
	enum err rc = txn_begin(&t, st, STORE_DRAFTS, TXN_READ);

	if (rc)
		goto out;
	rc = txn_get(t, TABLE_TYPED, key, text);
	if (rc)
		goto out;
	*text = arena_dup(a, *text);
	rc = text->p ? ERR_NONE : ERR_NOMEM;
out:
	txn_abort(&t);
	return rc;
}

/* ---- the three calls */

enum err journal_put(struct store *st, struct str key, struct str value)
{
	struct place_found f = { .slot = -1 };
	struct record r = { .key = key, .text = value };
	uint64_t now = (uint64_t)sys_now(st->sys);
	enum err rc;

	if (!key.n || key.n > JOURNAL_KEY_MAX)
		return ERR_TOOBIG;
	rc = begin(st, true);
	if (rc)
		return rc;
	rc = find(st, key, true, &f);
	if (!rc && value.n > TEXT_MAX) {
		r.kind = TEXT_IN_TABLE;
		r.text = STR("");
		rc = long_put(st, key, value);
	}
	if (!rc) {
		bool used = f.r.there;

		/* Later than what is there, also where the clock jumped. */
		r.at = used && f.r.at >= now ? f.r.at + 1 : now;
		rc = half_write(st, f.slot, used ? !f.half : f.half, &r);
	}
	found_release(&f);
	end(st);
	return rc;
}

enum err journal_get(struct store *st, struct str key, struct arena *a,
		     struct str *value)
{
	struct place_found f = { .slot = -1 };
	enum err rc = begin(st, false);

	*value = (struct str){ NULL, 0 };
	if (!rc)
		rc = find(st, key, false, &f);
	if (!rc && f.r.kind == TEXT_IN_TABLE) {
		rc = long_get(st, key, a, value);
	} else if (!rc) {
		*value = arena_dup(a, f.r.text);
		rc = value->p ? ERR_NONE : ERR_NOMEM;
	}
	found_release(&f);
	return rc;
}

enum err journal_del(struct store *st, struct str key)
{
	struct place_found f = { .slot = -1 };
	static const char none[4];
	enum err rc = begin(st, true);

	if (rc)
		return rc;
	rc = find(st, key, false, &f);
	for (int half = 0; !rc && half < 2; half++) {
		if (pwrite(st->journal_fd, none, sizeof(none),
			   offset(f.slot, half)) < 0)
			rc = err_from_errno(errno);
	}
	if (!rc && f.r.kind == TEXT_IN_TABLE)
		rc = long_del(st, key);
	found_release(&f);
	end(st);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

enum err journal_copy(struct store *from, struct store *to)
{
	enum err rc = begin(from, false);

	if (!rc)
		rc = begin(to, true);
	if (rc)
		return rc;
	for (int n = 0; !rc && n < JOURNAL_DRAFTS; n++) {
		struct place_found f = { .slot = -1 };

		rc = slot_newest(from, n, &f);
		if (!rc && f.r.there)
			rc = half_write(to, n, 0, &f.r);
		found_release(&f);
	}
	end(to);
	return rc;
}
