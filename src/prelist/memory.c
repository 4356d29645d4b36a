/* SPDX-License-Identifier: MIT */
#include "pilar/arrive.h"

#include "prelist.h"

/*
 * What was chosen for the heads of a list is a note in the store, a line a
 * head: its letters and digits, a tab, the property (empty: passed by). The
 * line without a head has the key.
 */
#define NOTE_MAX  ((size_t)1 << 18)
#define LINES_MAX 500

static struct str note_name(struct prelist *p)
{
	return arena_printf(&p->arena, "import/%.*s",
			    STR_ARG(p->own.dataset->name));
}

static size_t column_of(const struct prelist *p, struct str folded)
{
	for (size_t i = 0; i < p->n_columns && folded.n; i++)
		if (str_eq(p->columns[i].folded, folded))
			return i;
	return SIZE_MAX;
}

static void take_line(struct prelist *p, struct str line)
{
	struct str to = line, head;
	struct prelist_column *c;
	size_t i;

	if (!str_split(&to, '\t', &head) || !to.p)
		return;
	if (!head.n) {
		i = column_of(p, to);
		p->key = i == SIZE_MAX ? p->key : i;
		p->key_chosen |= i != SIZE_MAX;
		p->key_own |= i != SIZE_MAX;
		return;
	}
	i = column_of(p, head);
	if (i == SIZE_MAX || (to.n && !property_known(p, to)))
		return;
	c = &p->columns[i].shown;
	c->property = to;
	c->by = PRELIST_REMEMBERED;
}

enum err memory_take(struct prelist *p)
{
	struct str all = { NULL, 0 }, line;
	enum err rc = cases_note(p->cases, note_name(p), &p->arena, &all);

	while (!rc && str_split(&all, '\n', &line))
		take_line(p, line);
	return rc == ERR_NOTFOUND ? ERR_NONE : rc;
}

/* Lines of other lists' heads stay, the oldest of too many go. */
static void add_others(struct prelist *p, struct buf *b, struct str all,
		       size_t room)
{
	struct str line, head, rest;

	while (room && str_split(&all, '\n', &line)) {
		rest = line;
		if (!str_split(&rest, '\t', &head) || !head.n ||
		    column_of(p, head) != SIZE_MAX)
			continue;
		buf_addstr(b, line);
		buf_addc(b, '\n');
		room--;
	}
}

enum err memory_keep(struct prelist *p)
{
	struct buf b = BUF_INIT(NOTE_MAX);
	struct note note = { .name = note_name(p) };
	struct str was = { NULL, 0 };
	size_t n = 0;
	enum err rc = cases_note(p->cases, note.name, &p->memory, &was);

	if (p->key_chosen && p->key != SIZE_MAX)
		buf_addf(&b, "\t%.*s\n", STR_ARG(p->columns[p->key].folded));
	for (size_t i = 0; i < p->n_columns; i++) {
		const struct column *c = &p->columns[i];

		if (c->shown.by < PRELIST_REMEMBERED || !c->folded.n ||
		    column_of(p, c->folded) != i)
			continue;
		buf_addf(&b, "%.*s\t%.*s\n", STR_ARG(c->folded),
			 STR_ARG(c->shown.property));
		n++;
	}
	if (!b.n)
		return rc == ERR_NOTFOUND ? ERR_NONE : rc;
	add_others(p, &b, was, n < LINES_MAX ? LINES_MAX - n : 0);
	note.value = buf_str(&b);
	rc = b.failed;
	if (!rc && !str_eq(note.value, was))
		rc = cases_notes_put(p->cases, &note, 1);
	buf_release(&b);
	return rc;
}
