/* SPDX-License-Identifier: MIT */
#include "incoming.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pilar/file.h"
#include "pilar/i18n.h"

/* Before the manifest is known: it, its signature, and what tar adds. */
#define FRONT_MAX (MANIFEST_MAX + SIGNATURE_MAX + 8192)
/* No sync file is larger: 20,000 visits are 6 MB. */
#define FILE_MAX ((uint64_t)512 << 20)
/* Refused files that are kept; the oldest goes. */
#define QUARANTINE_FILES 20
#define QUARANTINE_MAX   ((size_t)32 << 20)

static enum err from_fd(void *arg, void *p, size_t max, size_t *n)
{
	const struct incoming *in = arg;
	ssize_t got;

	do
		got = read(in->fd, p, max);
	while (got < 0 && errno == EINTR);
	*n = got > 0 ? (size_t)got : 0;
	return got < 0 ? err_from_errno(errno) : ERR_NONE;
}

static enum err from_memory(void *arg, void *p, size_t max, size_t *n)
{
	struct incoming *in = arg;

	*n = in->rest.n < max ? in->rest.n : max;
	memcpy(p, in->rest.p, *n);
	in->rest = str_sub(in->rest, *n, in->rest.n);
	return ERR_NONE;
}

/* ---- refusing */
static const struct {
	enum err rc;
	const char *text;
} reasons[] = {
	{ ERR_SYNTAX, N_("ini bukan berkas sinkronisasi pilar") },
	{ ERR_NOTFOUND, N_("berkas ini disegel untuk kantor lain; kunci "
			   "perangkat ini tidak dapat membukanya") },
	{ ERR_VERSION,
	  N_("dibuat oleh pilar yang lebih baru; perbarui pilar di sini") },
	{ ERR_CORRUPT, N_("berkas rusak, terpotong atau diubah sesudah dibuat; "
			  "minta diekspor lagi") },
	{ ERR_TOOBIG, N_("isinya lebih besar dari yang disebut di dalamnya") },
	{ ERR_INVALID, N_("di dalamnya ada yang tidak semestinya; berkas ini "
			  "tidak dibuat oleh pilar") },
	{ ERR_IO, N_("berkas tidak dapat dibaca sampai selesai; apakah "
		     "stiknya dicabut?") },
	{ ERR_CANCELLED, N_("dibatalkan; tidak ada yang diubah") },
};

enum err refuse(struct incoming *in, enum err rc, const char *sentence)
{
	if (!rc || in->rep->errors)
		return rc;
	for (size_t i = 0; !sentence && i < ARRAY_LEN(reasons); i++)
		if (reasons[i].rc == rc)
			sentence = _(reasons[i].text);
	if (sentence)
		report_add(in->rep, PROBLEM_ERROR, in->how->shown, "%s",
			   sentence);
	return rc;
}

/* The oldest goes when there are too many; names begin with the time. */
static void make_room(const char *folder)
{
	struct arena a = { 0 };
	struct str *names = NULL;
	size_t n = 0;

	if (!dir_list(folder, &a, &names, &n) && n >= QUARANTINE_FILES) {
		char *oldest = path_join(&a, folder, names[0].p);

		if (oldest)
			unlink(oldest);
	}
	arena_release(&a);
}

static enum err put_aside(struct incoming *in, struct str bytes)
{
	const char *dir = store_dir(cases_store(in->cases));
	struct str path;
	char *folder = path_join(in->arena, dir, "quarantine");
	int64_t now = sys_now(cases_sys(in->cases));
	enum err rc = folder ? dir_make(folder) : ERR_NOMEM;

	if (rc)
		return rc;
	make_room(folder);
	path = arena_printf(in->arena, "%s/%013lld", folder, (long long)now);
	if (!path.p)
		return ERR_NOMEM;
	rc = file_write(path.p, bytes);
	if (!rc)
		in->out->quarantine = path;
	return rc;
}

/*
 * Only what cannot be what it says. A copy that cannot be made is no second
 * failure: the file itself is left where it is.
 */
void quarantine(struct incoming *in, enum err rc)
{
	struct buf b = BUF_INIT(QUARANTINE_MAX);

	if (in->how->dry || store_read_only(cases_store(in->cases)) ||
	    (rc != ERR_CORRUPT && rc != ERR_INVALID && rc != ERR_TOOBIG &&
	     rc != ERR_EXISTS))
		return;
	if (!file_read(in->how->path, &b) && put_aside(in, buf_str(&b)))
		in->out->quarantine = STR("");
	buf_release(&b);
}

/* ---- layers */
static enum err open_file(struct incoming *in)
{
	struct stat st;

	in->rest = in->bytes;
	in->out->bytes = in->bytes.n;
	if (in->bytes.p)
		return ERR_NONE;
	in->fd = open(in->how->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (in->fd < 0)
		return refuse(in, err_from_errno(errno),
			      _("berkas tidak ada atau tidak boleh dibaca"));
	if (fstat(in->fd, &st) || !S_ISREG(st.st_mode))
		return refuse(in, ERR_INVALID, _("ini bukan berkas biasa"));
	in->out->bytes = (uint64_t)st.st_size;
	if (in->out->bytes > FILE_MAX)
		return refuse(in, ERR_REFUSED,
			      _("berkas terlalu besar untuk berkas "
				"sinkronisasi"));
	return ERR_NONE;
}

static enum err open_layers(struct incoming *in)
{
	const struct seal_key *ids[] = { in->identity };
	const struct unpack_how how = { in->bytes.p ? from_memory : from_fd, in,
					ids, 1, in->dict };
	struct buf dict = BUF_INIT(256);
	enum err rc = unpack_new(&in->unpack, &how, &dict);

	if (rc == ERR_VERSION && dict.n)
		report_add(in->rep, PROBLEM_ERROR, in->how->shown,
			   _("memakai kamus %.*s yang tidak ada di sini; "
			     "perbarui pilar"),
			   STR_ARG(buf_str(&dict)));
	buf_release(&dict);
	if (!rc) {
		in->out->sealed = unpack_sealed(in->unpack);
		unpack_allow(in->unpack, FRONT_MAX);
	}
	return refuse(in, rc, NULL);
}

/* The end where something must come is a file cut off. */
static enum err must_read(struct incoming *in, struct str *name, struct buf *to)
{
	enum err rc = unpack_next(in->unpack, name, to);

	if (rc == ERR_NOTFOUND)
		rc = ERR_SYNTAX;
	return refuse(in, rc, NULL);
}

enum err incoming_open(struct incoming *in, struct str *name)
{
	struct str second = { NULL, 0 };
	enum err rc = open_file(in);

	if (!rc)
		rc = open_layers(in);
	if (!rc)
		rc = must_read(in, name, &in->first);
	*name = arena_dup(in->arena, *name);
	if (!rc)
		rc = must_read(in, &second, &in->second);
	if (!rc &&
	    (second.n != name->n + strlen(".minisig") ||
	     !str_starts(second, *name) || !str_ends(second, STR(".minisig")) ||
	     in->second.n > SIGNATURE_MAX))
		rc = refuse(in, ERR_SYNTAX, NULL);
	return rc;
}

void incoming_close(struct incoming *in)
{
	unpack_free(in->unpack);
	in->unpack = NULL;
	if (in->fd >= 0)
		close(in->fd);
	in->fd = -1;
}

void incoming_release(struct incoming *in)
{
	sheet_release(&in->sheet);
	buf_release(&in->entry);
	buf_release(&in->log);
	buf_release(&in->first);
	buf_release(&in->second);
}
