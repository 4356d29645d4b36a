/* SPDX-License-Identifier: MIT */
#include "doc.h"

#include "pilar/utf8.h"

/* Plain text: what any printer, editor and terminal shows alike. */

#define PAIR_COLUMNS 22
#define UNDER        5  /* where what belongs to a question begins */
#define BAR_VALUE    12 /* columns beside a bar */
#define CELL_GAP     1
#define LEAST_CELL   3
#define LONG_WORD    20 /* what is longer may be broken in a cell */

static void put(struct doc *d, const char *text)
{
	buf_adds(d->out, text);
}

/* No line ends in blanks. */
static void newline(struct doc *d)
{
	while (d->out->n && d->out->p[d->out->n - 1] == ' ')
		d->out->n--;
	put(d, "\n");
}

static void blanks(struct doc *d, size_t n)
{
	while (n--)
		buf_addc(d->out, ' ');
}

/* One empty line, however many there were. */
static void air(struct doc *d)
{
	while (d->out->n && d->out->p[d->out->n - 1] == '\n')
		d->out->n--;
	put(d, d->out->n ? "\n\n" : "");
}

static void repeat(struct doc *d, const char *what, size_t n)
{
	while (n--)
		put(d, what);
}

/* In `columns`, at the left or right of them. */
static void cell(struct doc *d, struct str text, size_t columns, bool right)
{
	struct str fits = str_sub(text, 0, utf8_fit(text, columns));
	size_t pad = columns - utf8_width(fits);

	blanks(d, right ? pad : 0);
	utf8_clean(d->out, fits);
	blanks(d, right ? 0 : pad);
}

/* Lines from `column` on; the first one begins where the cursor is. */
static void flow(struct doc *d, struct str text, size_t column)
{
	struct str line;
	bool first = true;

	while (utf8_wrap(&text, d->columns - column, &line)) {
		if (!first)
			blanks(d, column);
		first = false;
		utf8_clean(d->out, line);
		put(d, "\n");
	}
	if (first)
		put(d, "\n");
}

static void text_open(struct doc *d, const char *lang, struct str title)
{
	(void)d;
	(void)lang;
	(void)title;
}

static void text_close(struct doc *d)
{
	(void)d;
}

static void text_heading(struct doc *d, unsigned level, struct str text)
{
	size_t width = utf8_width(text);

	air(d);
	flow(d, text, 0);
	if (level < 3)
		repeat(d, level == 1 ? "=" : "-",
		       width < d->columns ? width : d->columns);
	put(d, level < 3 ? "\n\n" : "");
}

/* A paragraph has air above it and below. */
static void text_text(struct doc *d, struct str text)
{
	air(d);
	flow(d, text, 0);
	put(d, "\n");
}

static void text_note(struct doc *d, struct str text)
{
	blanks(d, 2);
	flow(d, text, 2);
}

static void text_pair(struct doc *d, struct str label, struct str value)
{
	cell(d, label, PAIR_COLUMNS, false);
	put(d, ": ");
	flow(d, value, PAIR_COLUMNS + 2);
}

/* ---- tables */
/* The columns of a table that stand side by side. */
struct widths {
	size_t column[DOC_MAX_COLUMNS];
	size_t at[DOC_MAX_COLUMNS];   /* columns of text */
	size_t need[DOC_MAX_COLUMNS]; /* with less a word is broken */
	size_t n;
};

static size_t longest_word(struct str text)
{
	size_t max = 0;
	struct str word;

	while (str_word(&text, &word)) {
		size_t w = utf8_width(word);

		if (w > max)
			max = w;
	}
	return max < LONG_WORD ? max : LONG_WORD;
}

static void raise(size_t *max, size_t n)
{
	if (n > *max)
		*max = n;
}

static void add_column(const struct doc_table *t, size_t c, size_t columns,
		       struct widths *w)
{
	size_t *at = &w->at[w->n], *need = &w->need[w->n];
	int share = t->columns[c].share;

	w->column[w->n++] = c;
	*at = *need = LEAST_CELL;
	raise(at, utf8_width(t->columns[c].head));
	raise(need, longest_word(t->columns[c].head));
	for (size_t r = 0; r < t->n_rows; r++) {
		struct str text = t->cells[r * t->n_columns + c];

		raise(at, utf8_width(text));
		raise(need, longest_word(text));
	}
	if (share > 0)
		*at = *need = (size_t)share * columns / 100;
}

static size_t sum(const size_t *at, size_t n)
{
	size_t total = 0;

	for (size_t i = 0; i < n; i++)
		total += at[i] + (i ? CELL_GAP : 0);
	return total;
}

/* The widest that may give way; NULL when none may. */
static size_t *widest(struct widths *w, const struct doc_table *heads)
{
	size_t *out = NULL;

	for (size_t i = 0; i < w->n; i++)
		if (w->at[i] > w->need[i] &&
		    (!heads || heads->columns[w->column[i]].right) &&
		    (!out || w->at[i] > *out))
			out = &w->at[i];
	return out;
}

/*
 * As wide as the texts; while that is too much the widest gives way: heads over
 * numbers first, then texts, and only at last are words broken.
 */
static void narrow(struct widths *w, const struct doc_table *t, size_t columns)
{
	size_t *at;

	while (sum(w->at, w->n) > columns && (at = widest(w, t)))
		--*at;
	while (sum(w->at, w->n) > columns && (at = widest(w, NULL)))
		--*at;
	for (size_t i = 0; i < w->n; i++)
		w->need[i] = LEAST_CELL;
	while (sum(w->at, w->n) > columns && (at = widest(w, NULL)))
		--*at;
}

/* The first column and as many from `from` on as have room for their words;
 * returns the next one. */
static size_t choose(const struct doc_table *t, size_t from, size_t columns,
		     struct widths *w)
{
	w->n = 0;
	if (from)
		add_column(t, 0, columns, w);
	while (from < t->n_columns && w->n < DOC_MAX_COLUMNS) {
		add_column(t, from, columns, w);
		if (w->n > 2 && sum(w->need, w->n) > columns) {
			w->n--;
			break;
		}
		from++;
	}
	narrow(w, t, columns);
	return from;
}

/* One line of each cell at a time, until every cell is empty. */
static void row(struct doc *d, const struct doc_table *t, struct widths *w,
		struct str *rest)
{
	bool more = true;

	while (more) {
		more = false;
		for (size_t c = 0; c < w->n; c++) {
			struct str line = STR("");

			utf8_wrap(&rest[c], w->at[c], &line);
			blanks(d, c ? CELL_GAP : 0);
			cell(d, line, w->at[c], t->columns[w->column[c]].right);
			more = more || rest[c].n;
		}
		newline(d);
	}
}

static void rule(struct doc *d, const struct widths *w)
{
	for (size_t c = 0; c < w->n; c++) {
		blanks(d, c ? CELL_GAP : 0);
		repeat(d, "-", w->at[c]);
	}
	put(d, "\n");
}

static void put_table(struct doc *d, const struct doc_table *t,
		      struct widths *w)
{
	struct str rest[DOC_MAX_COLUMNS];

	air(d);
	for (size_t c = 0; c < w->n; c++)
		rest[c] = t->columns[w->column[c]].head;
	row(d, t, w, rest);
	rule(d, w);
	for (size_t r = 0; r < t->n_rows; r++) {
		if (t->last_is_total && r + 1 == t->n_rows)
			rule(d, w);
		for (size_t c = 0; c < w->n; c++)
			rest[c] = t->cells[r * t->n_columns + w->column[c]];
		row(d, t, w, rest);
		if (t->ruled)
			rule(d, w);
	}
	newline(d);
}

/* What does not fit beside the first columns stands below them. */
static void text_table(struct doc *d, const struct doc_table *t)
{
	struct widths w;
	size_t from = 0;

	do {
		from = choose(t, from, d->columns, &w);
		put_table(d, t, &w);
	} while (from < t->n_columns);
}

/* Two fifths are the label, the rest is the bar and its number. */
static void bar(struct doc *d, const struct doc_bar *b, double max)
{
	struct str label = b->label, line;
	char number[DOC_NUMBER_MAX];
	size_t columns = d->columns * 2 / 5;
	double room = (double)(d->columns - columns - BAR_VALUE);
	size_t length = (size_t)(b->value / max * room);

	utf8_wrap(&label, columns, &line);
	cell(d, line, columns, false);
	put(d, " ");
	repeat(d, "#", b->value > 0 && !length ? (size_t)1 : length);
	buf_addf(d->out, " %.*s\n", STR_ARG(doc_number(d, b->value, number)));
	while (utf8_wrap(&label, columns, &line)) {
		cell(d, line, columns, false);
		newline(d);
	}
}

static void text_bars(struct doc *d, struct str title,
		      const struct doc_bar *bars, size_t n)
{
	double max = doc_bars_max(bars, n);

	air(d);
	if (title.n)
		text_heading(d, 3, title);
	for (size_t i = 0; i < n; i++)
		bar(d, &bars[i], max);
	put(d, "\n");
}

/* ---- questions */
static void choices(struct doc *d, const struct doc_question *q)
{
	size_t column = UNDER;

	if (!q->n_choices)
		return;
	blanks(d, UNDER);
	for (size_t i = 0; i < q->n_choices; i++) {
		const struct doc_choice *c = &q->choices[i];
		size_t width = 5 + utf8_width(c->code) + utf8_width(c->label);

		if (column > UNDER && column + width > d->columns) {
			newline(d);
			blanks(d, UNDER);
			column = UNDER;
		}
		put(d, "[ ] ");
		utf8_clean(d->out, c->code);
		put(d, " ");
		if (column + width > d->columns) {
			flow(d, c->label, UNDER + 5 + utf8_width(c->code));
			blanks(d, i + 1 < q->n_choices ? UNDER : 0);
			column = UNDER;
			continue;
		}
		utf8_clean(d->out, c->label);
		put(d, "  ");
		column += width + 2;
	}
	newline(d);
}

static void text_question(struct doc *d, const struct doc_question *q)
{
	cell(d, q->number, UNDER - 1, true);
	put(d, " ");
	flow(d, q->label, UNDER);
	if (q->condition.n) {
		blanks(d, UNDER);
		put(d, "> ");
		flow(d, q->condition, UNDER + 2);
	}
	if (q->hint.n) {
		blanks(d, UNDER);
		flow(d, q->hint, UNDER);
	}
	choices(d, q);
	if (q->boxes) {
		blanks(d, UNDER);
		repeat(d, "[ ]", q->boxes);
		put(d, "\n");
	}
	for (size_t i = 0; i < q->lines; i++) {
		blanks(d, UNDER);
		repeat(d, "_", d->columns - UNDER);
		put(d, "\n");
	}
	put(d, "\n");
}

static void text_signatures(struct doc *d, const struct doc_signature *s,
			    size_t n)
{
	size_t width = n ? d->columns / n - 2 : 0;

	put(d, "\n");
	for (size_t i = 0; i < n; i++)
		cell(d, s[i].over, width + 2, false);
	newline(d);
	put(d, "\n\n\n");
	for (size_t i = 0; i < n; i++)
		cell(d, s[i].name.n ? s[i].name : STR("(                    )"),
		     width + 2, false);
	newline(d);
}

const struct doc_ops *doc_text_ops(void)
{
	static const struct doc_ops ops = {
		.open = text_open,
		.close = text_close,
		.heading = text_heading,
		.text = text_text,
		.note = text_note,
		.pair = text_pair,
		.table = text_table,
		.bars = text_bars,
		.question = text_question,
		.signatures = text_signatures,
	};

	return &ops;
}
