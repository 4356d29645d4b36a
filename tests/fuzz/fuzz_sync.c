/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/sync/manifest.h"
#include "../../src/sync/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* No file that small may make more of itself than this. */
#define ALLOWED ((uint64_t)1 << 20)

static enum err feed(void *arg, void *p, size_t max, size_t *n)
{
	struct str *rest = arg;

	*n = rest->n < max ? rest->n : max;
	if (*n)
		memcpy(p, rest->p, *n);
	*rest = str_sub(*rest, *n, rest->n);
	return ERR_NONE;
}

/* What a manifest says is within its limits. */
static void read_sheet(struct str text)
{
	struct arena a = { 0 };
	struct sheet s;

	if (!sheet_read(&s, text, &a)) {
		for (size_t i = 0; i < s.entries; i++)
			if (!s.events[i].seq || s.events[i].device.n != 16)
				abort();
		sheet_release(&s);
	}
	arena_release(&a);
}

/* Every entry of every layer, and no more bytes than are allowed. */
static void open_file(struct str file)
{
	const struct unpack_how how = { .source = feed, .arg = &file };
	struct buf dict = BUF_INIT(256), content = BUF_INIT(ENTRY_MAX);
	struct unpack *u = NULL;
	struct str path;
	uint64_t bytes = 0;

	if (!unpack_new(&u, &how, &dict)) {
		unpack_allow(u, ALLOWED);
		while (!unpack_next(u, &path, &content))
			bytes += content.n;
		if (bytes > ALLOWED)
			abort();
	}
	unpack_free(u);
	buf_release(&dict);
	buf_release(&content);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = str_of((const char *)data, size);

	if (size && data[0] == '{')
		read_sheet(bytes);
	else
		open_file(bytes);
	return 0;
}
