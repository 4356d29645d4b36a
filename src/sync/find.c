/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "pilar/file.h"
#include "pilar/sync.h"
#include "pilar/vec.h"

/* Mount points of things that are plugged in. */
static const char *const fronts[] = { "/media/", "/run/media/", "/mnt/" };
#define MOUNTS     "/proc/self/mounts"
#define MOUNTS_MAX ((size_t)1 << 20)
/* Folders in folders that are looked into. */
#define DEPTH 2

static const char *const ends[] = { ".tar.zst", ".tar.zst.age", ".ack.age",
				    ".kit", ".kit.age" };

/* Blanks and the like stand as \040 there. */
static struct str unescaped(struct arena *a, struct str text)
{
	char *out = arena_cstr(a, text);
	size_t n = 0;

	for (size_t i = 0; out && i < text.n; i++) {
		char digits[4] = { 0 };

		if (text.p[i] != '\\' || i + 3 >= text.n) {
			out[n++] = text.p[i];
			continue;
		}
		memcpy(digits, text.p + i + 1, 3);
		out[n++] = (char)strtol(digits, NULL, 8);
		i += 3;
	}
	return str_of(out, n);
}

static bool plugged_in(struct str point)
{
	for (size_t i = 0; i < ARRAY_LEN(fronts); i++)
		if (str_starts(point, str_from(fronts[i])))
			return true;
	return false;
}

enum err sync_places(struct arena *a, struct str **out, size_t *n)
{
	struct buf b = BUF_INIT(MOUNTS_MAX);
	VEC(struct str) found = { 0 };
	struct str rest, line, word;
	enum err rc = ERR_NONE;

	/* Where that is not told, no stick is known. */
	if (file_read(MOUNTS, &b))
		buf_reset(&b);
	rest = buf_str(&b);
	while (!rc && str_split(&rest, '\n', &line)) {
		struct str *slot;

		if (!str_word(&line, &word) || !str_starts(word, STR("/dev/")))
			continue; /* no disk */
		if (!str_word(&line, &word) || !plugged_in(word))
			continue;
		slot = vec_push(&found);
		rc = slot ? ERR_NONE : ERR_NOMEM;
		if (slot)
			*slot = arena_dup(a, unescaped(a, word));
	}
	buf_release(&b);
	return vec_give(&found, a, out, n, rc);
}

static bool name_ok(struct str name)
{
	if (!str_starts(name, STR("pilar-")))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (str_ends(name, str_from(ends[i])))
			return true;
	return false;
}

static int newest_first(const void *a, const void *b)
{
	const struct sync_found *x = a, *y = b;

	if (x->at != y->at)
		return x->at > y->at ? -1 : 1;
	return str_cmp(x->path, y->path);
}

/* ---- walking */
struct folder {
	struct str path;
	int depth;
};

struct walk {
	struct arena *arena;
	const struct sync_search *how;
	VEC(struct sync_found) found;
	VEC(struct folder) folders; /* still to be read, and those that were */
};

static enum err add_file(struct walk *w, const struct folder *in,
			 const char *path, const char *name)
{
	struct sync_found *f;
	struct stat st;

	if (w->found.n >= SYNC_FIND_FILES || stat(path, &st) ||
	    !S_ISREG(st.st_mode))
		return ERR_NONE;
	f = vec_push(&w->found);
	if (!f)
		return ERR_NOMEM;
	*f = (struct sync_found){ .path = arena_dup(w->arena, str_from(path)),
				  .name = arena_dup(w->arena, str_from(name)),
				  .folder = in->path,
				  .bytes = (uint64_t)st.st_size,
				  .at = (int64_t)st.st_mtime * 1000 };
	return f->path.p && f->name.p ? ERR_NONE : ERR_NOMEM;
}

static enum err add_folder(struct walk *w, struct str path, int depth)
{
	struct folder *f;

	if (depth > DEPTH || w->folders.n >= SYNC_FIND_FOLDERS)
		return ERR_NONE;
	f = vec_push(&w->folders);
	if (!f)
		return ERR_NOMEM;
	*f = (struct folder){ arena_dup(w->arena, path), depth };
	return f->path.p ? ERR_NONE : ERR_NOMEM;
}

static bool is_folder(const struct dirent *e, const char *path)
{
	struct stat st;

	if (e->d_type != DT_UNKNOWN)
		return e->d_type == DT_DIR;
	return !lstat(path, &st) && S_ISDIR(st.st_mode);
}

static enum err add_entry(struct walk *w, const struct folder *in,
			  const struct dirent *e, struct arena *a)
{
	bool file = name_ok(str_from(e->d_name));
	char *path;

	if (e->d_name[0] == '.')
		return ERR_NONE;
	path = path_join(a, in->path.p, e->d_name);
	if (!path)
		return ERR_NOMEM;
	if (file)
		return add_file(w, in, path, e->d_name);
	return is_folder(e, path) ? add_folder(w, str_from(path), in->depth + 1)
				  : ERR_NONE;
}

static enum err read_folder(struct walk *w, struct folder in)
{
	const struct sync_search *how = w->how;
	DIR *d = opendir(in.path.p);
	struct arena a = { 0 };
	struct dirent *e;
	enum err rc = ERR_NONE;

	while (d && !rc && (e = readdir(d))) {
		rc = add_entry(w, &in, e, &a);
		arena_reset(&a);
		if (!rc && how->cancelled && how->cancelled(how->arg))
			rc = ERR_CANCELLED;
	}
	if (d)
		closedir(d);
	arena_release(&a);
	return rc;
}

enum err sync_find(struct arena *a, const struct sync_search *how,
		   struct sync_found **out, size_t *found)
{
	struct walk w = { .arena = a, .how = how };
	enum err rc = ERR_NONE;

	for (size_t i = 0; !rc && i < how->n; i++)
		rc = add_folder(&w, how->folders[i], 0);
	for (size_t i = 0; !rc && i < w.folders.n; i++) {
		rc = read_folder(&w, w.folders.at[i]);
		if (how->progress)
			how->progress(how->arg, i + 1, w.folders.n);
	}
	if (w.found.n)
		qsort(w.found.at, w.found.n, sizeof(*w.found.at), newest_first);
	vec_release(&w.folders);
	return vec_give(&w.found, a, out, found, rc);
}
