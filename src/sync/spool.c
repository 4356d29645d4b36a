/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pilar/file.h"
#include "pilar/i18n.h"
#include "pilar/seal.h"
#include "pilar/sync.h"

/* As the largest sync file (incoming.c). */
#define SPOOL_MAX      ((uint64_t)512 << 20)
#define GREETING       "pilar-send "
#define LINE_MAX_BYTES 128
/* Devices that wait to be accepted: one file each. */
#define STRANGERS     20
#define STRANGER_MARK "-baru.tar.zst.age"
/* Half files that wait for their other half. */
#define HALVES 8

struct spool {
	int in, out, file;
	char line[LINE_MAX_BYTES]; /* what was read of the start */
	size_t n;
	struct str hash; /* empty: the file came as it is */
	uint64_t size, have;
};

static enum err write_all(int fd, const void *p, size_t n)
{
	const char *from = p;

	while (n) {
		ssize_t k = write(fd, from, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return err_from_errno(errno);
		from += k;
		n -= (size_t)k;
	}
	return ERR_NONE;
}

static ssize_t read_some(int fd, void *p, size_t n)
{
	ssize_t got;

	do
		got = read(fd, p, n);
	while (got < 0 && errno == EINTR);
	return got;
}

/* The first line, byte by byte: nothing behind it may be read yet. */
static enum err read_greeting(struct spool *s)
{
	struct str front = STR(GREETING), rest;

	while (s->n < sizeof(s->line)) {
		ssize_t got = read_some(s->in, s->line + s->n, 1);

		if (got < 0)
			return err_from_errno(errno);
		if (!got ||
		    (s->n < front.n && s->line[s->n] != front.p[s->n])) {
			s->n += (size_t)got;
			return ERR_NONE; /* the file itself */
		}
		if (s->line[s->n++] == '\n')
			break;
	}
	rest = str_trim(str_of(s->line + front.n, s->n - front.n));
	if (!str_split(&rest, ' ', &s->hash) || !str_is_hex(s->hash, 64) ||
	    !str_to_u64(rest, &s->size) || s->size > SPOOL_MAX)
		return ERR_SYNTAX;
	s->n = 0; /* nothing of the file has been read */
	return ERR_NONE;
}

/* The oldest go where there are too many of those that end so. */
static void make_room(struct arena *a, const char *folder, struct str end,
		      size_t most)
{
	struct str *names = NULL;
	struct stat st, oldest_st;
	size_t n = 0, count = 0;
	char *oldest = NULL;

	if (dir_list(folder, a, &names, &n))
		return;
	for (size_t i = 0; i < n; i++) {
		char *path = path_join(a, folder, names[i].p);

		if (!path || !str_ends(names[i], end) || stat(path, &st))
			continue;
		count++;
		if (oldest && st.st_mtime >= oldest_st.st_mtime)
			continue;
		oldest = path;
		oldest_st = st;
	}
	if (count >= most && oldest)
		unlink(oldest);
}

static enum err open_spool(struct spool *s, struct cases *c, struct arena *a,
			   char **path)
{
	char *folder = path_join(a, store_dir(cases_store(c)), "incoming");
	struct str name;
	struct stat st;
	enum err rc = folder ? dir_make(folder) : ERR_NOMEM;

	if (rc)
		return rc;
	make_room(a, folder, STR(""), HALVES);
	name = s->hash.n ? arena_dup(a, s->hash)
			 : arena_printf(a, "%ld", (long)getpid());
	*path = path_join(a, folder, name.p);
	if (!*path)
		return ERR_NOMEM;
	s->file = open(*path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (s->file < 0 || fstat(s->file, &st))
		return err_from_errno(errno);
	s->have = s->hash.n && (uint64_t)st.st_size <= s->size
			  ? (uint64_t)st.st_size
			  : 0;
	if (ftruncate(s->file, (off_t)s->have) ||
	    lseek(s->file, (off_t)s->have, SEEK_SET) < 0)
		return err_from_errno(errno);
	return ERR_NONE;
}

static enum err answer(struct spool *s)
{
	char line[64];
	int n;

	if (!s->hash.n)
		return ERR_NONE;
	n = snprintf(line, sizeof(line), "have %llu\n",
		     (unsigned long long)s->have);
	return write_all(s->out, line, (size_t)n);
}

static enum err take_rest(struct spool *s)
{
	char block[65536];
	enum err rc = write_all(s->file, s->line, s->n);

	s->have += s->n;
	while (!rc && !(s->hash.n && s->have == s->size)) {
		ssize_t got = read_some(s->in, block, sizeof(block));

		if (got < 0)
			return err_from_errno(errno);
		if (!got)
			break;
		s->have += (uint64_t)got;
		if (s->have > (s->hash.n ? s->size : SPOOL_MAX))
			return ERR_TOOBIG;
		rc = write_all(s->file, block, (size_t)got);
	}
	return rc;
}

/* Was all of it sent, and is it what was announced? */
static enum err check(struct spool *s)
{
	struct buf text = BUF_INIT(128);
	struct sha256_ctx ctx;
	char block[65536];
	uint8_t hash[32];
	ssize_t got;
	enum err rc = ERR_NONE;

	if (!s->hash.n)
		return ERR_NONE;
	if (s->have < s->size)
		return ERR_BUSY;
	if (lseek(s->file, 0, SEEK_SET) < 0)
		return err_from_errno(errno);
	sha256_init(&ctx);
	while ((got = read_some(s->file, block, sizeof(block))) > 0)
		sha256_add(&ctx, str_of(block, (size_t)got));
	sha256_final(&ctx, hash);
	hex(&text, hash, sizeof(hash));
	if (got < 0 || !str_eq(buf_str(&text), s->hash))
		rc = ERR_CORRUPT;
	buf_release(&text);
	return rc;
}

static enum err say(struct report *rep, enum err rc)
{
	const char *text = _("sambungan terputus sebelum berkas lengkap; "
			     "kirim lagi untuk meneruskan");

	if (rc == ERR_BUSY)
		report_add(rep, PROBLEM_ERROR, STR("-"), "%s", text);
	else if (rc == ERR_NOSPACE)
		report_add(rep, PROBLEM_ERROR, STR("-"),
			   _("disk penuh; tidak ada yang diterima"));
	else if (rc)
		report_add(rep, PROBLEM_ERROR, STR("-"),
			   _("yang datang bukan berkas sinkronisasi yang "
			     "utuh"));
	return rc;
}

enum err sync_spool_fill(struct cases *c, int in_fd, int out_fd,
			 struct arena *a, struct sync_spool *out,
			 struct report *rep)
{
	struct spool s = { .in = in_fd, .out = out_fd, .file = -1 };
	enum err rc = read_greeting(&s);

	*out = (struct sync_spool){ NULL };
	if (!rc)
		rc = open_spool(&s, c, a, &out->path);
	if (!rc)
		rc = answer(&s);
	if (!rc)
		rc = take_rest(&s);
	if (!rc)
		rc = check(&s);
	if (s.file >= 0 && close(s.file) && !rc)
		rc = err_from_errno(errno);
	/* What came half stays; what is wrong goes. */
	if (out->path && (rc == ERR_BUSY || rc == ERR_IO))
		out->path = NULL;
	if (rc)
		sync_spool_drop(out);
	return say(rep, rc);
}

void sync_spool_drop(struct sync_spool *s)
{
	if (s->path)
		unlink(s->path);
	s->path = NULL;
}

enum err sync_spool_keep(struct sync_spool *s, struct str folder,
			 struct str device, struct arena *a, struct str *path)
{
	char *dir = arena_cstr(a, folder);
	enum err rc = ERR_NOMEM;

	if (!dir)
		return rc;
	rc = dir_make(dir);
	*path = arena_printf(a, "%s/pilar-%.*s" STRANGER_MARK, dir,
			     STR_ARG(str_sub(device, 0, 8)));
	if (!rc && !path->p)
		rc = ERR_NOMEM;
	if (!rc && !file_exists(path->p))
		make_room(a, dir, STR(STRANGER_MARK), STRANGERS);
	if (!rc && rename(s->path, path->p))
		rc = err_from_errno(errno);
	if (!rc)
		s->path = NULL;
	return rc;
}
