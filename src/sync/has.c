/* SPDX-License-Identifier: MIT */
#include "has.h"

#define FRONT "has/"

static struct str carried_name(struct arena *a, const struct carried *what)
{
	return arena_printf(a, "%.*s/%s%0*llu", STR_ARG(what->device),
			    what->list ? "l" : "", NOTE_SEQ_DIGITS,
			    (unsigned long long)what->seq);
}

bool carried_parse(struct str name, struct carried *out)
{
	struct str rest = name;

	*out = (struct carried){ .seq = 0 };
	if (!str_split(&rest, '/', &out->device) ||
	    !str_is_hex(out->device, DEVICE_CHARS))
		return false;
	out->list = str_starts(rest, STR("l"));
	rest = str_sub(rest, out->list, rest.n);
	return rest.n == NOTE_SEQ_DIGITS && str_to_u64(rest, &out->seq);
}

static struct str note_of(struct arena *a, struct str device, struct str name)
{
	return arena_printf(a, FRONT "%.*s/%.*s", STR_ARG(device),
			    STR_ARG(name));
}

bool has_it(struct cases *c, struct arena *a, struct str device,
	    const struct carried *what)
{
	struct str value;

	return device.n &&
	       !cases_note(c, note_of(a, device, carried_name(a, what)), a,
			   &value);
}

enum err has_note(struct arena *a, struct str device,
		  const struct carried *what, int64_t brought, struct note *out)
{
	struct buf b = BUF_INIT(64);
	enum err rc;

	buf_u64(&b, (uint64_t)brought);
	buf_text(&b, what->there);
	out->name = note_of(a, device, carried_name(a, what));
	out->value = arena_dup(a, buf_str(&b));
	rc = b.failed;
	buf_release(&b);
	if (!out->name.p || !out->value.p)
		return ERR_NOMEM;
	return rc;
}

static int64_t brought_at(struct str value)
{
	struct rd r = RD_INIT(value);
	int64_t at = (int64_t)rd_u64(&r);

	return r.failed ? 0 : at;
}

/* As the one who brought it calls it. */
static struct str name_there(struct arena *a, const struct note *n,
			     struct str name)
{
	struct rd r = RD_INIT(n->value);
	struct carried what;
	struct str there;

	rd_u64(&r);
	there = rd_text(&r);
	if (r.failed || !there.n || !carried_parse(name, &what))
		return name;
	what.device = there;
	return carried_name(a, &what);
}

enum err has_brought(struct cases *c, struct arena *a, struct str device,
		     struct str **out, size_t *n)
{
	struct str front = note_of(a, device, STR(""));
	struct note *notes = NULL;
	int64_t last = 1;
	size_t count = 0;
	enum err rc = cases_notes(c, front, a, &notes, &count);

	*n = 0;
	*out = arena_array(a, count + 1, sizeof(**out));
	if (!rc && !*out)
		rc = ERR_NOMEM;
	for (size_t i = 0; !rc && i < count; i++)
		if (brought_at(notes[i].value) > last)
			last = brought_at(notes[i].value);
	for (size_t i = 0; !rc && i < count; i++)
		if (brought_at(notes[i].value) == last)
			(*out)[(*n)++] =
				name_there(a, &notes[i],
					   str_sub(notes[i].name, front.n,
						   notes[i].name.n));
	return rc;
}
