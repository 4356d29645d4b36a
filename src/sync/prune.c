/* SPDX-License-Identifier: MIT */
#include <sys/stat.h>
#include <unistd.h>

#include "pilar/file.h"

#include "keys.h"
#include "status.h"

struct pruning {
	struct cases *cases;
	const struct sync_prune *how;
	struct arena *arena;
	struct sync_pruned *out;
};

static void drop(struct pruning *p, const char *path, int64_t at)
{
	struct stat st;

	if (!path || at >= p->how->before || stat(path, &st) ||
	    !S_ISREG(st.st_mode))
		return;
	if (!p->how->dry && unlink(path))
		return;
	p->out->files++;
	p->out->bytes += (uint64_t)st.st_size;
}

/* By the time of each file itself. */
static enum err sweep(struct pruning *p, const char *name)
{
	const char *dir = store_dir(cases_store(p->cases));
	char *folder = path_join(p->arena, dir, name);
	struct str *names = NULL;
	size_t n = 0;
	enum err rc =
		folder ? dir_list(folder, p->arena, &names, &n) : ERR_NOMEM;

	for (size_t i = 0; !rc && i < n; i++) {
		char *path = path_join(p->arena, folder, names[i].p);
		struct stat st;

		if (path && !stat(path, &st))
			drop(p, path, (int64_t)st.st_mtime * 1000);
	}
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

static enum err drop_batch(struct pruning *p, const struct batch *b, int64_t at)
{
	struct note manifest = { .name = note_name(p->arena, "out/", b->seq) };
	struct str path =
		arena_printf(p->arena, "%.*s/%.*s", STR_ARG(p->how->folder),
			     STR_ARG(b->file));

	drop(p, path.p, at);
	if (p->how->dry || at >= p->how->before)
		return ERR_NONE;
	return cases_notes_put(p->cases, &manifest, 1);
}

static enum err drop_acknowledged(struct pruning *p)
{
	struct note *acks = NULL;
	struct batch *b = NULL;
	size_t n = 0, n_acks = 0;
	enum err rc = cases_batches(p->cases, p->arena, &b, &n);

	if (!rc)
		rc = cases_notes(p->cases, STR("ack/"), p->arena, &acks,
				 &n_acks);
	for (size_t i = 0; !rc && i < n_acks; i++) {
		uint64_t seq;
		int64_t at;

		rc = ack_note_read(&acks[i], &seq, &at);
		for (size_t k = 0; !rc && k < n; k++)
			if (b[k].seq == seq)
				rc = drop_batch(p, &b[k], at);
	}
	return rc;
}

enum err sync_prune(struct cases *c, const struct sync_prune *how,
		    struct arena *a, struct sync_pruned *out)
{
	struct pruning p = { c, how, a, out };
	enum err rc;

	*out = (struct sync_pruned){ 0 };
	rc = drop_acknowledged(&p);
	if (!rc)
		rc = sweep(&p, "quarantine");
	if (!rc)
		rc = sweep(&p, "incoming");
	return rc;
}
