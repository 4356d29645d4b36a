/* SPDX-License-Identifier: MIT */
#include "pilar/paradata.h"

#include "pilar/csv.h"
#include "pilar/tree.h"

void paradata_release(struct paradata *p)
{
	buf_release(&p->rows);
	arena_release(&p->arena);
	*p = (struct paradata){ .since = 0 };
}

void paradata_begin(struct paradata *p, const struct form *f, struct str user)
{
	p->how = form_audit(f);
	if (!p->rows.max)
		p->rows = BUF_INIT(PARADATA_MAX);
	p->user = arena_dup(&p->arena, user);
}

/* ---- rows */
struct entry {
	const char *event;
	struct str path, was, value, reason;
	int64_t start, end; /* end 0: a moment */
};

static void put_time(struct buf *b, int64_t at)
{
	if (at)
		buf_addf(b, "%lld", (long long)at);
}

static void put_row(struct paradata *p, const struct entry *e)
{
	struct buf row = BUF_INIT(PARADATA_MAX);

	csv_put(&row, str_from(e->event));
	buf_addc(&row, ',');
	csv_put(&row, e->path);
	buf_addc(&row, ',');
	put_time(&row, e->start);
	buf_addc(&row, ',');
	put_time(&row, e->end);
	if (p->how.changes) {
		buf_addc(&row, ',');
		csv_put(&row, e->was);
		buf_addc(&row, ',');
		csv_put(&row, e->value);
	}
	if (p->how.user) {
		buf_addc(&row, ',');
		csv_put(&row, p->user);
	}
	if (p->how.reasons) {
		buf_addc(&row, ',');
		csv_put(&row, e->reason);
	}
	buf_addc(&row, '\n');
	/* a row is there whole or not at all */
	if (!row.failed && p->rows.n + row.n <= PARADATA_MAX)
		buf_addstr(&p->rows, buf_str(&row));
	buf_release(&row);
}

void paradata_event(struct paradata *p, const char *event, struct str path,
		    int64_t now)
{
	if (p->how.wanted)
		put_row(p, &(struct entry){ .event = event,
					    .path = path,
					    .start = now });
}

void paradata_reason(struct paradata *p, struct str reason, int64_t now)
{
	if (p->how.wanted && p->how.reasons)
		put_row(p, &(struct entry){ .event = "change reason",
					    .reason = reason,
					    .start = now });
}

/* ---- where a person is */
static void forget(struct paradata *p)
{
	struct str user = p->user, group = p->group;
	struct arena kept = { 0 };

	p->user = arena_dup(&kept, user);
	p->group = arena_dup(&kept, group);
	arena_release(&p->arena);
	p->arena = kept;
	p->path = p->was = STR("");
}

void paradata_arrive(struct paradata *p, struct str path, struct str value,
		     int64_t now)
{
	if (!p->how.wanted)
		return;
	forget(p);
	p->path = arena_dup(&p->arena, path);
	p->was = arena_dup(&p->arena, value);
	p->since = now;
}

void paradata_leave(struct paradata *p, struct str value, int64_t now)
{
	struct entry e = { .event = "question",
			   .path = p->path,
			   .start = p->since,
			   .end = now };

	if (!p->how.wanted || !p->path.n)
		return;
	if (!str_eq(p->was, value)) {
		e.was = p->was;
		e.value = value;
	}
	put_row(p, &e);
	p->path = STR("");
}

void paradata_page(struct paradata *p, struct str group, int64_t now)
{
	if (!p->how.wanted)
		return;
	if (p->group.n)
		put_row(p, &(struct entry){ .event = "group questions",
					    .path = p->group,
					    .start = p->group_since,
					    .end = now });
	p->group = arena_dup(&p->arena, group);
	p->group_since = now;
}

/* ---- the file */
enum err paradata_file(const struct paradata *p, struct buf *out)
{
	buf_adds(out, "event,node,start,end");
	if (p->how.changes)
		buf_adds(out, ",old-value,new-value");
	if (p->how.user)
		buf_adds(out, ",user");
	if (p->how.reasons)
		buf_adds(out, ",change-reason");
	buf_addc(out, '\n');
	buf_addstr(out, buf_str(&p->rows));
	return out->failed;
}

bool paradata_named(struct str xml)
{
	struct arena a = { 0 };
	struct tree *t = NULL;
	bool named = false;

	/* most have none, and are not parsed for it */
	if (str_find(xml, STR(">" PARADATA_NAME "<"), 0) == SIZE_MAX ||
	    tree_parse(&t, xml, "", NULL))
		return false;
	named = str_is(submission_meta(t->element, "audit", &a), PARADATA_NAME);
	tree_free(t);
	arena_release(&a);
	return named;
}
