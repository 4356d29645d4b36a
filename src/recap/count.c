/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "keys.h"

#include "pilar/i18n.h"

/*
 * Counting: a record counts once in each of its rows and once in the total,
 * so that the total is of records, however many rows each stands in.
 */
struct tally {
	uint32_t part, row, column;
	double n;
};

/* Places of what is no part, row or column: all of them, how many records. */
#define WHOLE   UINT32_MAX
#define TOTAL   UINT32_MAX
#define PRESENT (UINT32_MAX - 1)

/* A column of numbers. One that looks at `row` is asked for each row, and the
 * record counts in the total as it does in the row where it counts most. */
struct measure {
	const struct line *line;
	uint32_t column;
	bool by_row, by_move;
	double n;
};

struct counting {
	const struct recap_ask *ask;
	struct counter *first; /* of its sources */
	struct grids *out;
	struct keys parts, row_keys, column_keys;
	VEC(struct tally) tallies;
	struct map at; /* of a tally's place, see tally_key() */
};

/* What one source adds to it. */
struct counter {
	struct counting *all;
	struct counter *next;
	const struct line *rows, *by;
	bool by_row; /* an expression looks at `row` */
	VEC(struct measure) measures;
};

/* What of a record counts: of one with `moves` also what it was under. */
struct counted {
	struct record *record;
	struct str words, was;
	size_t part;
	bool apart; /* the whole has it otherwise */
};

/* The place of a tally as bytes, lent from it. */
static struct str tally_key(const uint32_t place[3])
{
	return str_of((const char *)place, 3 * sizeof(*place));
}

static enum err add_to(struct counting *c, size_t part, uint32_t row,
		       uint32_t column, double n)
{
	const uint32_t place[] = { (uint32_t)part, row, column };
	uintptr_t known = (uintptr_t)map_get(&c->at, tally_key(place));
	struct tally *t;
	struct str key;

	if (known) {
		assert(c->tallies.at);
		c->tallies.at[known - 1].n += n;
		return ERR_NONE;
	}
	key = arena_dup(&c->out->arena, tally_key(place));
	t = vec_push(&c->tallies);
	if (!t || !key.p)
		return ERR_NOMEM;
	*t = (struct tally){ place[0], row, column, n };
	return map_put(&c->at, key, (void *)(uintptr_t)c->tallies.n);
}

/* Records are told of in a part and in the whole. */
static enum err add(struct counter *c, const struct counted *k, uint32_t row,
		    uint32_t column, double n)
{
	enum err rc = add_to(c->all, k->part, row, column, n);

	if (rc || !c->by || k->apart || k->part == WHOLE)
		return rc;
	return add_to(c->all, WHOLE, row, column, n);
}

/* A condition that holds is 1, what is no number 0. */
static double worth(struct record *r, const struct line *l)
{
	struct str text = record_text(r, l);
	double n = str_is(text, "true")
			   ? 1
			   : strtod(arena_cstr(&r->arena, text), NULL);

	return isfinite(n) ? n : 0;
}

static enum err mark_moves(struct record *r, bool before, bool now)
{
	enum err rc = record_set(r, PROP_BEFORE, before ? STR("1") : STR(""));

	return rc ? rc : record_set(r, PROP_NOW, now ? STR("1") : STR(""));
}

/* ---- a record in one row, and in the total */
static enum err count_row(struct counter *c, const struct counted *k,
			  uint32_t row)
{
	enum err rc = add(c, k, row, PRESENT, 1);

	vec_each (m, &c->measures) {
		double n = m->n;

		if (rc)
			break;
		if (m->by_row || m->by_move)
			n = worth(k->record, m->line);
		if (m->by_row && n > m->n)
			m->n = n;
		rc = add(c, k, row, m->column, n);
	}
	return rc;
}

static enum err count_total(struct counter *c, const struct counted *k)
{
	enum err rc = add(c, k, TOTAL, PRESENT, 1);

	vec_each (m, &c->measures) {
		if (rc)
			break;
		if (m->by_move && !m->by_row)
			m->n = worth(k->record, m->line);
		rc = add(c, k, TOTAL, m->column, m->n);
	}
	return rc;
}

static bool has_word(struct str words, struct str word)
{
	struct str one;

	while (str_word(&words, &one))
		if (str_eq(one, word))
			return true;
	return false;
}

static enum err count_word(struct counter *c, const struct counted *k,
			   struct str word)
{
	bool moves = k->record->was != NULL;
	size_t row = 0;
	enum err rc =
		key_at(&c->all->row_keys, &c->all->out->arena, word, &row);

	if (!rc && c->by_row)
		rc = record_set(k->record, PROP_ROW, word);
	if (!rc && moves)
		rc = mark_moves(k->record, has_word(k->was, word),
				has_word(k->words, word));
	return rc ? rc : count_row(c, k, (uint32_t)row);
}

/* Each word once, also where it is said twice or in both. */
static enum err count_words(struct counter *c, const struct counted *k,
			    struct str words, struct str not_in)
{
	struct str rest = words, word;
	enum err rc = ERR_NONE;

	while (!rc && str_word(&rest, &word)) {
		struct str before = str_of(words.p, (size_t)(word.p - words.p));

		if (!has_word(before, word) && !has_word(not_in, word))
			rc = count_word(c, k, word);
	}
	return rc;
}

/* Without a list a row is a whole text. */
static enum err count_under(struct counter *c, const struct counted *k)
{
	enum err rc = ERR_NONE;

	if (!k->words.n && !k->was.n)
		return ERR_NONE;
	vec_each (m, &c->measures)
		m->n = m->by_row || m->by_move ? 0 : worth(k->record, m->line);
	if (c->rows->name.n) {
		rc = count_words(c, k, k->words, STR(""));
		if (!rc)
			rc = count_words(c, k, k->was, k->words);
	} else {
		size_t row = 0;

		rc = key_split(&c->all->row_keys, &c->all->out->arena, k->words,
			       &row);
		if (!rc && c->by_row)
			rc = record_set(k->record, PROP_ROW, k->words);
		rc = rc ? rc : count_row(c, k, (uint32_t)row);
	}
	if (!rc && k->record->was)
		rc = mark_moves(k->record, k->was.n > 0, k->words.n > 0);
	return rc ? rc : count_total(c, k);
}

static struct str words_of(struct counter *c, struct record *r)
{
	return r && r->holds ? str_trim(record_text(r, c->rows)) : STR("");
}

static enum err part_of(struct counter *c, struct record *r, size_t *part)
{
	struct str name = record_text(r, c->by);

	if (!c->by)
		return key_at(&c->all->parts, &c->all->out->arena, STR(""),
			      part);
	return key_split(&c->all->parts, &c->all->out->arena, name, part);
}

/* One that moved from part to part left one and is new in the other. */
static enum err count_record(void *arg, struct record *r)
{
	struct counter *c = arg;
	struct counted k = { .record = r, .words = words_of(c, r) };
	struct counted old = k, whole;
	enum err rc = ERR_NONE;

	k.was = old.was = words_of(c, r->was);
	old.words = STR("");
	if (!k.words.n && !k.was.n)
		return ERR_NONE;
	if (k.was.n)
		rc = part_of(c, r->was, &old.part);
	if (!rc && k.words.n)
		rc = part_of(c, r, &k.part);
	if (rc || !k.words.n)
		return rc ? rc : count_under(c, &old);
	if (!k.was.n || k.part == old.part)
		return count_under(c, &k);
	old.apart = true;
	whole = k;
	whole.part = WHOLE;
	k.was = STR("");
	k.apart = true;
	rc = count_under(c, &whole);
	if (!rc)
		rc = count_under(c, &old);
	return rc ? rc : count_under(c, &k);
}

/* ---- from tallies to tables */
static double count_of(const struct counting *c, size_t part, size_t row,
		       size_t column)
{
	const uint32_t place[] = { (uint32_t)part, (uint32_t)row,
				   (uint32_t)column };
	uintptr_t at = (uintptr_t)map_get(&c->at, tally_key(place));

	return at ? c->tallies.at[at - 1].n : 0;
}

static struct str number(struct arena *a, double n)
{
	n = round(n * 10) / 10;
	return n == 0 ? STR("-") : arena_printf(a, "%.15g", n);
}

static size_t place_of(const struct keys *k, const struct key *key)
{
	return (size_t)(key - k->list.at);
}

static enum err make_columns(struct counting *c, struct key *const *columns,
			     struct grid *t)
{
	size_t n = c->column_keys.list.n;
	struct column *out = arena_array(&c->out->arena, n + 1, sizeof(*out));

	if (!out)
		return ERR_NOMEM;
	out[0] = (struct column){ .name = STR("name"),
				  .label = line_label(c->first->rows) };
	for (size_t i = 0; i < n; i++)
		out[1 + i] =
			(struct column){ columns[i]->text, columns[i]->label,
					 true, columns[i]->drawn };
	t->columns = out;
	t->n_columns = n + 1;
	return ERR_NONE;
}

static void fill_row(struct counting *c, size_t part, size_t row,
		     struct key *const *columns, struct str *cells)
{
	struct arena *a = &c->out->arena;

	cells[0] = row == TOTAL ? str_from(_("Jumlah"))
				: c->row_keys.list.at[row].label;
	for (size_t i = 0; i < c->column_keys.list.n; i++)
		cells[1 + i] = number(
			a, count_of(c, part, row,
				    place_of(&c->column_keys, columns[i])));
}

/* With a line `all`, what a list names stands in the whole also when it is
 * nothing. */
static bool is_shown(const struct counting *c, size_t part, size_t row)
{
	return (c->row_keys.given && !c->first->by &&
		recap_line(c->ask->recap, LINE_ALL)) ||
	       count_of(c, part, row, PRESENT) != 0;
}

static enum err make_rows(struct counting *c, struct grid *t, size_t part,
			  struct key *const *rows, struct key *const *columns)
{
	struct arena *a = &c->out->arena;
	size_t n = c->row_keys.list.n, width = c->column_keys.list.n + 1;
	struct str *cells = arena_array(a, (n + 1) * width, sizeof(*cells));
	struct str *names = arena_array(a, n + 1, sizeof(*names));

	if (!cells || !names)
		return ERR_NOMEM;
	t->cells = cells;
	t->names = names;
	for (size_t i = 0; i < n; i++) {
		size_t row = place_of(&c->row_keys, rows[i]);

		if (!is_shown(c, part, row))
			continue;
		names[t->n_rows] = key_name_of(&c->row_keys, rows[i], a);
		fill_row(c, part, row, columns, cells + t->n_rows++ * width);
	}
	fill_row(c, part, TOTAL, columns, cells + t->n_rows * width);
	names[t->n_rows] = cells[t->n_rows * width];
	t->n_rows++;
	return make_columns(c, columns, t);
}

static enum err make_grid(struct counting *c, const struct key *part,
			  struct key *const *rows, struct key *const *columns)
{
	struct grid *t = vec_push(&c->out->list);

	if (!t)
		return ERR_NOMEM;
	*t = (struct grid){ .counted = true, .total = true };
	if (part) {
		t->part = part->label;
		t->part_named = key_name_of(&c->parts, part, &c->out->arena);
	}
	return make_rows(c, t, part ? place_of(&c->parts, part) : 0, rows,
			 columns);
}

static enum err make_grids(struct counting *c)
{
	struct arena *a = &c->out->arena;
	struct key **parts = keys_in_order(&c->parts, a);
	struct key **rows = keys_in_order(&c->row_keys, a);
	struct key **columns = keys_in_order(&c->column_keys, a);
	enum err rc = ERR_NONE;

	if (!parts || !rows || !columns)
		return ERR_NOMEM;
	for (size_t i = 0; i < c->parts.list.n && !rc; i++)
		rc = make_grid(c, parts[i], rows, columns);
	if (!rc && !c->parts.list.n)
		rc = make_grid(c, NULL, rows, columns);
	if (rc || c->parts.list.n < 2)
		return rc;
	c->out->whole = (struct grid){ .part = str_from(_("Seluruhnya")),
				       .counted = true,
				       .total = true };
	return make_rows(c, &c->out->whole, WHOLE, rows, columns);
}

/* The way to part it that was asked for; false: there is none of that name. */
static bool choose_by(const struct recap_ask *ask, const struct source *s,
		      const struct line **out)
{
	*out = NULL;
	if (str_is(ask->by, "-"))
		return true;
	for (size_t i = 0; i < s->n && !*out; i++)
		if (s->lines[i].kind == LINE_BY &&
		    (!ask->by.n || str_eq(ask->by, s->lines[i].name)))
			*out = &s->lines[i];
	if (*out && str_is((*out)->name, "-"))
		*out = NULL;
	return *out || !ask->by.n;
}

static enum err set_measure(struct counter *c, const struct line *l)
{
	struct keys *columns = &c->all->column_keys;
	struct measure *m = vec_push(&c->measures);
	size_t column = 0;
	enum err rc = ERR_NOMEM;

	if (m)
		rc = key_at(columns, &c->all->out->arena, line_label(l),
			    &column);
	if (rc)
		return rc;
	*m = (struct measure){ .line = l,
			       .column = (uint32_t)column,
			       .by_row = line_uses(l, "row"),
			       .by_move = line_uses(l, "before") ||
					  line_uses(l, "now") };
	c->by_row |= m->by_row;
	if (columns->list.at[column].rank == SIZE_MAX)
		columns->list.at[column].rank = column;
	columns->list.at[column].drawn |= str_is(l->name, "bar");
	return ERR_NONE;
}

/* Columns stand in the order of their lines, also when nothing is counted. */
static enum err begin_source(struct counter *c, const struct source *s,
			     struct passes *passes)
{
	struct pass *pass = NULL;
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < s->n && !rc; i++)
		if (s->lines[i].kind == LINE_MEASURE)
			rc = set_measure(c, &s->lines[i]);
	if (!rc)
		pass = vec_push(&passes->list);
	if (!pass)
		return rc ? rc : ERR_NOMEM;
	pass->source = *s;
	pass->moves = source_line(s, LINE_MOVES) != NULL;
	pass->each = count_record;
	pass->arg = c;
	return ERR_NONE;
}

static enum err add_source(struct counting *all, struct counter **last,
			   const struct source *s, struct report *rep)
{
	struct counter *c = arena_alloc(&all->out->arena, sizeof(*c));

	if (!c)
		return ERR_NOMEM;
	*c = (struct counter){ .all = all, .rows = source_line(s, LINE_ROWS) };
	*last = c;
	if (choose_by(all->ask, s, &c->by))
		return ERR_NONE;
	report_add(rep, PROBLEM_ERROR, STR("--by"),
		   _("rekap ini tidak bisa dipilah menurut itu"));
	return ERR_INVALID;
}

static enum err add_sources(struct counting *all, struct passes *passes,
			    struct report *rep)
{
	struct counter **last = &all->first;
	struct source s;
	enum err rc = ERR_NONE;

	for (size_t i = 0; !rc && recap_source(all->ask->recap, i, &s); i++) {
		rc = add_source(all, last, &s, rep);
		if (!rc && last == &all->first && (*last)->rows)
			rc = keys_given(&all->row_keys, all->ask->cases,
					(*last)->rows->name, &all->out->arena);
		if (!rc && (*last)->rows)
			rc = begin_source(*last, &s, passes);
		if (!rc)
			last = &(*last)->next;
	}
	return rc;
}

enum err count_begin(const struct recap_ask *ask, struct grids *out,
		     struct passes *passes, struct counting **c,
		     struct report *rep)
{
	*c = arena_alloc(&out->arena, sizeof(**c));
	if (!*c)
		return ERR_NOMEM;
	**c = (struct counting){ .ask = ask, .out = out };
	return add_sources(*c, passes, rep);
}

enum err count_end(struct counting *c, enum err rc, struct report *rep)
{
	if (!c)
		return rc;
	if (!rc)
		rc = make_grids(c);
	if (rc == ERR_TOOBIG)
		report_add(rep, PROBLEM_ERROR, c->ask->recap->name,
			   _("terlalu banyak baris atau kolom"));
	for (struct counter *s = c->first; s; s = s->next)
		vec_release(&s->measures);
	keys_release(&c->parts);
	keys_release(&c->row_keys);
	keys_release(&c->column_keys);
	vec_release(&c->tallies);
	map_release(&c->at);
	return rc;
}
