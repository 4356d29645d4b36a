/* SPDX-License-Identifier: MIT */
#include "xlsx.h"
#include "xlsx_text.h"

struct strings {
	struct xlsx_values *v;
	struct xlsx_text text;
};

static enum err on_open(void *arg, struct str name,
			const struct sax_attr *attrs, size_t n)
{
	struct strings *s = arg;

	(void)attrs;
	(void)n;
	if (str_is(name, "si"))
		buf_reset(&s->text.got);
	xlsx_text_open(&s->text, name);
	return ERR_NONE;
}

static enum err on_text(void *arg, struct str piece)
{
	struct strings *s = arg;

	xlsx_text_add(&s->text, piece);
	return s->text.got.failed;
}

static enum err on_close(void *arg, struct str name)
{
	struct strings *s = arg;
	struct xlsx_values *v = s->v;
	struct str *slot;

	xlsx_text_close(&s->text, name);
	if (!str_is(name, "si"))
		return ERR_NONE;
	v->text += s->text.got.n + sizeof(*slot);
	if (v->text > WORKBOOK_MAX_SHARED)
		return ERR_TOOBIG;
	slot = vec_push(&v->strings);
	if (!slot)
		return ERR_NOMEM;
	*slot = arena_dup(v->arena, buf_str(&s->text.got));
	return slot->p ? ERR_NONE : ERR_NOMEM;
}

enum err xlsx_strings(struct xlsx_values *v, struct str xml, struct report *rep)
{
	struct strings s = { .v = v };
	const struct sax_to to = { &s, on_open, on_text, on_close };
	enum err rc = sax_read(&to, xml, "xl/sharedStrings.xml", rep);

	buf_release(&s.text.got);
	return rc;
}
