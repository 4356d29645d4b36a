/* SPDX-License-Identifier: MIT */
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
/* Files of a folder that are looked at. */
#define FILES_MAX 5000

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

static void look_at(struct arena *a, struct str folder, struct str name,
		    struct sync_found *out, size_t *found)
{
	struct sync_found *f = &out[*found];
	struct stat st;
	char *path = path_join(a, folder.p, name.p);

	if (!path || stat(path, &st) || !S_ISREG(st.st_mode))
		return;
	*f = (struct sync_found){ .path = str_from(path),
				  .name = name,
				  .folder = folder,
				  .bytes = (uint64_t)st.st_size,
				  .at = (int64_t)st.st_mtime * 1000 };
	++*found;
}

enum err sync_find(struct arena *a, const struct str *folders, size_t n,
		   struct sync_found **out, size_t *found)
{
	*found = 0;
	*out = arena_array(a, FILES_MAX, sizeof(**out));
	if (!*out)
		return ERR_NOMEM;
	for (size_t i = 0; i < n; i++) {
		struct str folder = arena_dup(a, folders[i]), *names = NULL;
		size_t count = 0;

		if (!folder.p)
			return ERR_NOMEM;
		if (dir_list(folder.p, a, &names, &count))
			continue;
		for (size_t k = 0; k < count && *found < FILES_MAX; k++)
			if (name_ok(names[k]))
				look_at(a, folder, names[k], *out, found);
	}
	if (*found)
		qsort(*out, *found, sizeof(**out), newest_first);
	return ERR_NONE;
}
