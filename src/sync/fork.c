/* SPDX-License-Identifier: MIT */
#include "fork.h"

#include <assert.h>

#include "pilar/i18n.h"

#define FRONT  "fork/"
#define DIGITS 16 /* of a device */

struct str fork_number(struct arena *a, struct str device, struct str hash)
{
	struct str text =
		arena_printf(a, "%.*s\n%.*s", STR_ARG(device), STR_ARG(hash));
	struct buf b = BUF_INIT(128);
	uint8_t digest[32];

	sha256(digest, text);
	hex(&b, digest, DIGITS / 2);
	return buf_give(&b, a);
}

enum err fork_note(struct arena *a, struct str device, struct str number,
		   uint64_t seq, struct note *out)
{
	struct buf b = BUF_INIT(64);

	buf_u64(&b, seq);
	out->name = arena_printf(a, FRONT "%.*s/%.*s", STR_ARG(device),
				 STR_ARG(number));
	out->value = buf_give(&b, a);
	return out->name.p && out->value.p ? ERR_NONE : ERR_NOMEM;
}

static enum err read_one(const struct note *n, struct fork *out)
{
	struct str rest = n->name, front;
	struct rd r = RD_INIT(n->value);

	str_split(&rest, '/', &front);
	str_split(&rest, '/', &out->device);
	out->number = rest;
	out->seq = rd_u64(&r);
	return rd_done(&r) && rest.n == DIGITS ? ERR_NONE : ERR_CORRUPT;
}

enum err forks(struct cases *c, struct str device, struct arena *a,
	       struct fork **out, size_t *n)
{
	struct str front = arena_printf(a, FRONT "%.*s%s", STR_ARG(device),
					device.n ? "/" : "");
	struct note *notes = NULL;
	enum err rc = cases_notes(c, front, a, &notes, n);

	*out = arena_array(a, *n + 1, sizeof(**out));
	if (!rc && !*out)
		rc = ERR_NOMEM;
	for (size_t i = 0; !rc && i < *n; i++)
		rc = read_one(&notes[i], &(*out)[i]);
	return rc;
}

const struct fork *fork_find(const struct fork *all, size_t n,
			     struct str number)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(all[i].number, number))
			return &all[i];
	return NULL;
}

enum err fork_event(struct cases *c, struct arena *a, const struct place *at,
		    struct str device, uint64_t seq, struct str *instance_id)
{
	const struct str numbers[] = { at->spare, at->device, device };
	enum err rc = ERR_NOTFOUND;

	for (size_t i = 0; rc == ERR_NOTFOUND && i < ARRAY_LEN(numbers); i++)
		if (numbers[i].n)
			rc = cases_event_number(c, numbers[i], seq, a,
						instance_id);
	return rc;
}

const char *sync_copied(const struct sync_incoming *in)
{
	if (in->kind == SYNC_ACK)
		return _("Kantor menerima dua riwayat dari perangkat ini: "
			 "laptop ini disalin atau dipulihkan dari cadangan. "
			 "Isian keduanya sudah disimpan di kantor.");
	return _("Perangkat ini punya dua riwayat: laptopnya disalin atau "
		 "dipulihkan dari cadangan. Keduanya disimpan, tidak ada yang "
		 "hilang. Beri tahu pemiliknya.");
}

/* ---- where a file belongs */
struct looking {
	struct cases *cases;
	struct arena *arena;
	const struct fresh *fresh; /* or NULL */
	const struct sheet *sheet;
	struct str hash;
};

static enum err note_at(const struct looking *l, struct str name,
			struct str *value)
{
	const struct note *n =
		l->fresh ? map_get(&l->fresh->notes, name) : NULL;

	if (!n)
		return cases_note(l->cases, name, l->arena, value);
	*value = n->value;
	return ERR_NONE;
}

/* Hash of the manifest kept under that number; empty: no file is. */
static enum err hash_at(const struct looking *l, struct str number,
			uint64_t seq, struct str *out)
{
	struct str front = arena_printf(l->arena, "in/%.*s/", STR_ARG(number));
	struct note n = { .name = note_name(l->arena, front.p, seq) };
	struct taken t = { .seq = 0 };
	enum err rc = note_at(l, n.name, &n.value);

	*out = STR("");
	if (!rc)
		rc = taken_read(&n, &t);
	if (!rc)
		*out = t.hash;
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

/* What the manifest kept there says of the one before it; or empty. */
static enum err previous_of(const struct looking *l, struct str number,
			    uint64_t seq, struct str *out)
{
	struct str kept = { NULL, 0 };
	struct json *j = NULL;
	struct rd rd;
	enum err rc = note_at(l, file_name(l->arena, number, seq), &kept);

	*out = STR("");
	if (rc)
		return rc == ERR_NOTFOUND ? ERR_NONE : rc;
	rd = RD_INIT(kept);
	rc = json_parse(&j, rd_text(&rd), NULL);
	if (!rc)
		*out = arena_dup(l->arena, json_get_str(j, "previous"));
	json_free(j);
	return rc;
}

enum err fork_joined(struct cases *c, struct arena *a, const struct fork *all,
		     size_t n, const struct taken *t, bool *yes)
{
	const struct fork *copy = fork_find(all, n, t->device);
	struct str device = copy ? copy->device : t->device;
	const struct looking l = { .cases = c, .arena = a };
	struct str previous, before;
	enum err rc = previous_of(&l, t->device, t->seq, &previous);

	*yes = false;
	for (size_t i = 0; !rc && previous.n && !*yes && i <= n; i++) {
		struct str number = i ? all[i - 1].number : device;

		if (i && !str_eq(all[i - 1].device, device))
			continue;
		rc = hash_at(&l, number, t->seq - 1, &before);
		*yes = !rc && before.n && str_starts(before, previous);
	}
	return rc;
}

enum fit { FIT_NO, FIT_MAYBE, FIT_YES, FIT_SAME };

/* Does it stand between its neighbours there? */
static enum err fits(const struct looking *l, struct str number, enum fit *fit)
{
	uint64_t seq = l->sheet->seq;
	struct str here, before, after, previous = l->sheet->previous;
	enum err rc = hash_at(l, number, seq, &here);

	assert(l->hash.p); /* of the manifest at hand */
	if (!rc)
		rc = hash_at(l, number, seq - 1, &before);
	if (!rc)
		rc = previous_of(l, number, seq + 1, &after);
	*fit = FIT_MAYBE;
	if (rc)
		return rc;
	if (here.n)
		*fit = str_eq(here, l->hash) ? FIT_SAME : FIT_NO;
	else if ((before.n && !(previous.n && str_starts(before, previous))) ||
		 (after.n && !str_starts(l->hash, after)))
		*fit = FIT_NO;
	else if (before.n || after.n)
		*fit = FIT_YES;
	return ERR_NONE;
}

/* Those that are stored and those of this parcel. */
static enum err all_forks(const struct looking *l, struct fork **out, size_t *n)
{
	struct str device = l->sheet->device;
	struct fork *stored = NULL;
	enum err rc = forks(l->cases, device, l->arena, &stored, n);

	if (rc || !l->fresh)
		*out = stored;
	if (rc || !l->fresh)
		return rc;
	*out = arena_array(l->arena, *n + l->fresh->forks.n + 1, sizeof(**out));
	if (!*out)
		return ERR_NOMEM;
	for (size_t i = 0; i < *n; i++)
		(*out)[i] = stored[i];
	vec_each (f, &l->fresh->forks)
		if (str_eq(f->device, device))
			(*out)[(*n)++] = *f;
	return ERR_NONE;
}

enum err fork_place(struct cases *c, struct arena *a, const struct fresh *fresh,
		    const struct sheet *s, struct str hash, struct place *out)
{
	const struct looking l = { c, a, fresh, s, hash };
	struct fork *all = NULL;
	enum fit fit = FIT_NO, best = FIT_NO;
	size_t n = 0;
	enum err rc = all_forks(&l, &all, &n);

	*out = (struct place){ .device = s->device,
			       .spare = fork_number(a, s->device, hash) };
	if (!rc)
		rc = out->spare.p ? fits(&l, s->device, &best) : ERR_NOMEM;
	for (size_t i = 0; !rc && i < n; i++) {
		rc = fits(&l, all[i].number, &fit);
		/* A gap alone is taken for one of the device itself. */
		if (rc || fit < FIT_YES || fit <= best)
			continue;
		best = fit;
		out->device = all[i].number;
	}
	out->again = best == FIT_SAME;
	out->begins = best == FIT_NO;
	if (!rc && out->begins && n >= FORKS_MAX)
		rc = ERR_TOOBIG;
	if (out->begins)
		out->device = out->spare;
	return rc;
}
