/* SPDX-License-Identifier: MIT */
#include "pilar/verify.h"

#include "pilar/arrive.h"
#include "pilar/draft.h"
#include "pilar/form.h"
#include "pilar/when.h"

#include "internal.h"

/* Notes: "verify/UUID" is 'd' and a draft, or 'v' and a worker. */
#define VERIFY_NOTE "verify/"
#define SAMPLE_NOTE "verify-sample"
#define KEPT_MAX    4096

static struct str note_of(struct str instance_id, struct arena *a)
{
	char uuid[UUID_LEN + 1];

	cases_file_uuid(instance_id, uuid);
	return arena_printf(a, VERIFY_NOTE "%s", uuid);
}

/* ---- which */
static bool sampled(struct str instance_id, unsigned sample)
{
	uint8_t hash[32];
	uint32_t n;

	if (sample < 2)
		return true;
	sha256(hash, instance_id);
	n = (uint32_t)hash[0] << 24 | (uint32_t)hash[1] << 16 |
	    (uint32_t)hash[2] << 8 | hash[3];
	return n % sample == 0;
}

unsigned verify_sample(struct cases *c)
{
	struct arena a = { 0 };
	struct str text = STR("");
	uint64_t n = 0;

	if (cases_note(c, STR(SAMPLE_NOTE), &a, &text) ||
	    !str_to_u64(text, &n) || n < 1 || n > VERIFY_SAMPLE_MAX)
		n = 1;
	arena_release(&a);
	return (unsigned)n;
}

enum err verify_set_sample(struct cases *c, unsigned sample)
{
	struct arena a = { 0 };
	struct note note = { STR(SAMPLE_NOTE), arena_printf(&a, "%u", sample) };
	enum err rc = ERR_INVALID;

	if (sample >= 1 && sample <= VERIFY_SAMPLE_MAX)
		rc = cases_notes_put(c, &note, 1);
	arena_release(&a);
	return rc;
}

static bool there_is(struct str draft, const struct draft_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(rows[i].id, draft))
			return true;
	return false;
}

/* What the note says of it. */
static enum err read_note(struct cases *c, struct verify_row *row,
			  const struct draft_row *drafts, size_t n,
			  struct arena *a)
{
	struct str value;
	enum err rc = cases_note(c, note_of(row->instance_id, a), a, &value);

	if (rc)
		return rc == ERR_NOTFOUND ? ERR_NONE : rc;
	if (value.n && value.p[0] == 'v')
		row->by = str_sub(value, 1, value.n);
	else if (there_is(str_sub(value, 1, value.n), drafts, n))
		row->draft = str_sub(value, 1, value.n);
	return ERR_NONE;
}

static bool edited(const struct verify_row *row, const struct str *edits,
		   size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(edits[i], row->instance_id))
			return true;
	return false;
}

static void leave_out_edited(struct verify_row *rows, size_t *n,
			     const struct str *edits, size_t n_edits)
{
	size_t kept = 0;

	for (size_t i = 0; i < *n; i++)
		if (!edited(&rows[i], edits, n_edits))
			rows[kept++] = rows[i];
	*n = kept;
}

enum err verify_list(struct cases *c, unsigned sample, struct arena *a,
		     struct verify_row **out, size_t *n)
{
	struct outbox_row *waiting = NULL;
	struct draft_row *drafts = NULL;
	size_t n_waiting = 0, n_drafts = 0, n_edits = 0;
	struct str *edits;
	enum err rc = cases_outbox(c, a, &waiting, &n_waiting);

	*n = 0;
	if (!rc)
		rc = draft_list(c, a, &drafts, &n_drafts);
	if (rc)
		return rc;
	*out = arena_array(a, n_waiting + 1, sizeof(**out));
	edits = arena_array(a, n_waiting + 1, sizeof(*edits));
	if (!*out || !edits)
		return ERR_NOMEM;
	for (size_t i = 0; i < n_waiting && !rc; i++) {
		struct verify_row *row = &(*out)[*n];
		struct event e;

		rc = cases_event(c, waiting[i].instance_id, a, &e);
		if (!rc && e.deprecated_id.n)
			edits[n_edits++] = e.deprecated_id;
		if (rc || !e.xml.n || !sampled(e.instance_id, sample))
			continue;
		*row = (struct verify_row){ .instance_id = e.instance_id,
					    .title = e.title,
					    .name = e.name,
					    .worker = e.worker,
					    .at = e.at };
		rc = read_note(c, row, drafts, n_drafts, a);
		++*n;
	}
	leave_out_edited(*out, n, edits, n_edits);
	return rc;
}

/* ---- verifying one */
static enum err keep_state(struct cases *c, struct str instance_id, char kind,
			   struct str value)
{
	struct arena a = { 0 };
	struct note note = { note_of(instance_id, &a),
			     arena_printf(&a, "%c%.*s", kind, STR_ARG(value)) };
	enum err rc = cases_notes_put(c, &note, 1);

	arena_release(&a);
	return rc;
}

static enum err new_draft(struct cases *c, struct str instance_id,
			  struct arena *a, struct str *draft,
			  struct report *rep)
{
	struct keying k = { .mode = KEYING_VERIFY, .verifies = instance_id };
	struct buf kept = BUF_INIT(KEPT_MAX);
	struct event e;
	enum err rc = cases_event(c, instance_id, a, &e);

	keying_write(&k, &kept);
	if (!rc)
		rc = kept.failed;
	if (!rc)
		rc = draft_edit(c, &e, buf_str(&kept), a, draft, rep);
	buf_release(&kept);
	return rc;
}

enum err verify_begin(struct cases *c, struct str instance_id, struct arena *a,
		      struct str *draft, struct report *rep)
{
	struct verify_row row = { .instance_id = instance_id };
	struct draft_row *drafts = NULL;
	size_t n = 0;
	enum err rc = draft_list(c, a, &drafts, &n);

	if (!rc)
		rc = read_note(c, &row, drafts, n, a);
	if (rc)
		return rc;
	*draft = row.draft;
	if (row.draft.n)
		return ERR_NONE;
	rc = new_draft(c, instance_id, a, draft, rep);
	return rc ? rc : keep_state(c, instance_id, 'd', *draft);
}

enum err verify_done(struct cases *c, struct keying *k, struct str instance_id)
{
	struct arena a = { 0 };
	struct tally w = { .day = 0 };
	struct when at;
	struct event e;
	enum err rc = cases_event(c, k->verifies, &a, &e);

	if (!rc)
		rc = keep_state(c, instance_id, 'v', cases_worker(c)->code);
	if (!rc) {
		when_local(cases_sys(c), e.at, &at);
		w.worker = e.worker;
		w.form = e.form_id;
		w.title = e.title;
		w.day = when_days(at.year, at.month, at.day);
		w.n[TALLY_FIELDS] = k->n[TALLY_FIELDS];
		w.n[TALLY_KEYER] = k->n[TALLY_KEYER];
		rc = tally_add(c, &w);
	}
	arena_release(&a);
	return rc;
}
