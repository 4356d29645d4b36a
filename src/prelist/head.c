/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"
#include "pilar/utf8.h"

#include "prelist.h"

/* ---- which line has the heads */
struct line {
	struct str *cells; /* folded blanks, in the arena */
	size_t n, used, score;
	size_t behind, next_line, row; /* where the csv went on */
};

struct lines {
	struct line at[PRELIST_HEAD_ROWS];
	size_t n;
};

/* Runs of blanks, line ends among them, are one. */
static struct str one_line(struct arena *a, struct str cell)
{
	char *out = arena_cstr(a, str_trim(cell));
	size_t n = 0;

	for (size_t i = 0; out && out[i]; i++) {
		char c = out[i];
		bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';

		if (!blank)
			out[n++] = c;
		else if (n && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	return str_trim(str_of(out, n));
}

static enum err line_take(struct prelist *p, struct line *l)
{
	const struct csv *c = &p->csv;

	l->cells = arena_array(&p->arena, c->cells.n + 1, sizeof(*l->cells));
	if (!l->cells)
		return ERR_NOMEM;
	for (; l->n < c->cells.n; l->n++) {
		struct str cell = one_line(&p->arena, c->cells.at[l->n]);
		struct str folded = words_fold(&p->memory, cell);

		l->cells[l->n] = cell;
		l->used += cell.n > 0;
		l->score += folded.n && (words_to(p, &p->own, cell, folded).n ||
					 words_key(p, folded));
	}
	l->behind = c->at;
	l->next_line = c->next_line;
	l->row = c->row;
	return ERR_NONE;
}

static void csv_begin(struct prelist *p)
{
	struct str text = buf_str(&p->source.text);

	csv_release(&p->csv);
	csv_init(&p->csv, text);
	if (!p->source.sheet)
		csv_detect(&p->csv);
}

/* The most cells that a row of the first lines has with that separator. */
static size_t widest(struct prelist *p, char separator)
{
	size_t most = 0;

	csv_begin(p);
	p->csv.separator = separator;
	for (size_t i = 0; i < PRELIST_HEAD_ROWS && !csv_row(&p->csv); i++)
		most = p->csv.cells.n > most ? p->csv.cells.n : most;
	return most;
}

/* A title over the table says nothing of what parts its cells. */
static void find_separator(struct prelist *p)
{
	static const char all[] = ",;\t|";
	size_t most = 0;
	char best = ',';

	for (size_t i = 0; i < sizeof(all) - 1 && !p->source.sheet; i++) {
		size_t n = widest(p, all[i]);

		if (n > most)
			best = all[i];
		most = n > most ? n : most;
	}
	csv_begin(p);
	p->csv.separator = best;
}

static enum err read_lines(struct prelist *p, struct lines *all)
{
	enum err rc = ERR_NONE;

	find_separator(p);
	while (!rc && all->n < ARRAY_LEN(all->at)) {
		rc = csv_row(&p->csv);
		if (!rc)
			rc = line_take(p, &all->at[all->n++]);
	}
	/* What is wrong further down is said when it is read. */
	return rc == ERR_NOMEM ? rc : ERR_NONE;
}

static size_t best_line(const struct lines *all)
{
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < all->n; i++) {
		const struct line *l = &all->at[i];

		if (!l->used)
			continue;
		if (best == SIZE_MAX || l->score > all->at[best].score ||
		    (l->score == all->at[best].score &&
		     all->at[best].used == 1 && l->used > 1))
			best = i;
	}
	return best;
}

/* ---- heads of two lines, and the numbers of columns under them */
static bool has_letter(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (ascii_letter(s.p[i]))
			return true;
	return false;
}

static struct str cell_at(const struct line *l, size_t i)
{
	return i < l->n ? l->cells[i] : STR("");
}

static struct str leads(struct prelist *p, struct str head)
{
	return words_to(p, &p->own, head, words_fold(&p->memory, head));
}

/* Of the row, or of what rows make together. */
static bool means(struct prelist *p, struct str head)
{
	return leads(p, head).n ||
	       (p->make &&
		words_to(p, &p->up, head, words_fold(&p->memory, head)).n);
}

/* Every row has something under it: its name, its number. */
static bool always(struct prelist *p, struct str head)
{
	const struct dataset_row *r =
		dataset_row(p->own.dataset, DATASET_TITLE, 0);
	struct str to = leads(p, head);

	return str_is(to, LABEL) || (r && to.n && str_eq(to, r->value)) ||
	       words_key(p, words_fold(&p->memory, head));
}

/*
 * A merged head has parts under it: words that stand where the line above is
 * empty, and nothing where it has the name of the row.
 */
static bool is_second(struct prelist *p, const struct line *head,
		      const struct line *l)
{
	bool below = false;

	for (size_t i = 0; i < l->n; i++) {
		struct str over = cell_at(head, i), cell = l->cells[i];

		if (!cell.n)
			continue;
		if (!has_letter(cell) || always(p, over))
			return false;
		below |= !over.n;
	}
	return below;
}

/* 1 2 3 4, or (1) (2) (3) (4). */
static bool is_numbering(const struct line *l)
{
	int64_t last = 0, n;

	for (size_t i = 0; i < l->n; i++) {
		struct str s = l->cells[i];

		if (!s.n)
			continue;
		if (s.n > 2 && s.p[0] == '(' && s.p[s.n - 1] == ')')
			s = str_sub(s, 1, s.n - 1);
		if (!str_to_i64(s, &n) || n != last + 1)
			return false;
		last = n;
	}
	return last >= 3;
}

static enum err join_heads(struct prelist *p, struct line *head,
			   const struct line *under)
{
	size_t n = head->n > under->n ? head->n : under->n;
	struct str *cells = arena_array(&p->arena, n + 1, sizeof(*cells));
	struct str over = STR("");

	if (!cells)
		return ERR_NOMEM;
	for (size_t i = 0; i < n; i++) {
		struct str part = cell_at(under, i);

		if (cell_at(head, i).n)
			over = cell_at(head, i);
		cells[i] = cell_at(head, i);
		if (part.n)
			cells[i] = arena_printf(&p->arena, "%.*s %.*s",
						STR_ARG(over), STR_ARG(part));
		if (part.n && !means(p, cells[i]) && means(p, part))
			cells[i] = part;
	}
	head->cells = cells;
	head->n = n;
	return ERR_NONE;
}

/* ---- columns */

/* "[AB]" where nobody gave it a name. */
static struct str unnamed(struct arena *a, size_t i)
{
	char letters[3] = { 0 };

	if (i < 26) {
		letters[0] = (char)('A' + i);
	} else {
		letters[0] = (char)('A' + i / 26 - 1);
		letters[1] = (char)('A' + i % 26);
	}
	return arena_printf(a, "[%s]", letters);
}

static struct str head_of(struct prelist *p, struct str cell, size_t i)
{
	size_t twins = 1;

	if (!cell.n)
		return unnamed(&p->arena, i);
	for (size_t k = 0; k < i; k++)
		twins += str_eq(p->columns[k].folded,
				words_fold(&p->memory, cell));
	return twins == 1 ? cell
			  : arena_printf(&p->arena, "%.*s (%zu)", STR_ARG(cell),
					 twins);
}

static enum err make_columns(struct prelist *p, const struct line *head)
{
	p->n_columns = head->n;
	p->columns = arena_array(&p->arena, head->n + 1, sizeof(*p->columns));
	if (!p->columns)
		return ERR_NOMEM;
	for (size_t i = 0; i < head->n; i++) {
		struct column *c = &p->columns[i];

		c->shown.head = head_of(p, head->cells[i], i);
		c->folded = words_fold(&p->arena, head->cells[i]);
		if (!c->shown.head.p || !c->folded.p)
			return ERR_NOMEM;
	}
	return ERR_NONE;
}

bool columns_agree(const struct column *a, const struct column *b)
{
	return a->part != WHOLE && b->part != WHOLE && a->part != b->part;
}

/* A column that goes there and is no other part of it. */
static struct column *holder(const struct prelist *p, const struct side *side,
			     struct str property, size_t part)
{
	const struct column like = { .part = part };

	for (size_t i = 0; i < p->n_columns; i++) {
		struct column *c = &p->columns[i];

		if (c->side == side && str_eq(c->to, property) &&
		    !columns_agree(c, &like))
			return c;
	}
	return NULL;
}

/* Words stand in PRELIST_FILE by how sure they are: "Nama KRT|Nama"; parts
 * are for where there is no whole. */
static size_t rank(const struct side *side, const struct column *c,
		   struct str property)
{
	size_t best = SIZE_MAX;
	const struct rule *r;

	for (size_t i = 0;
	     (r = rules_get(&side->rules, RULE_HEAD, property, i)); i++) {
		size_t at = words_at(r->value, c->folded);

		best = at < best ? at : best;
	}
	return best;
}

/* In either language: the file may come from another laptop. */
static bool says_why(struct prelist *p, const struct column *c)
{
	struct arena *a = &p->memory;

	return str_eq(c->folded, words_fold(a, str_from(REASON_HEAD))) ||
	       str_eq(c->folded, words_fold(a, str_from(_(REASON_HEAD))));
}

/* "parent/property" of what rows make together. */
static struct str shown_as(struct prelist *p, const struct side *side,
			   struct str to)
{
	if (side == &p->own)
		return arena_dup(&p->arena, to);
	return arena_printf(&p->arena, "%.*s/%.*s", STR_ARG(p->make->property),
			    STR_ARG(to));
}

static void set_property(struct column *c, struct side *side,
			 struct str property, struct str to, size_t part)
{
	c->shown.property = property;
	c->side = side;
	c->to = to;
	c->part = part;
}

static void propose_one(struct prelist *p, struct side *side, struct column *c)
{
	struct str to = words_to(p, side, c->shown.head, c->folded);
	size_t part = words_part(side, to, c->folded);
	struct column *other = to.n ? holder(p, side, to, part) : NULL;

	if (!to.n)
		return;
	c->shown.by = PRELIST_TAKEN;
	if (other && (other->shown.by != PRELIST_WORD ||
		      rank(side, other, to) <= rank(side, c, to)))
		return;
	for (; other; other = holder(p, side, to, part)) {
		other->shown.by = PRELIST_TAKEN;
		set_property(other, &p->own, STR(""), STR(""), WHOLE);
	}
	c->shown.by = PRELIST_WORD;
	set_property(c, side, shown_as(p, side, to), to, part);
}

static bool has_link(const struct prelist *p)
{
	return p->make && holder(p, &p->own, p->make->property, WHOLE);
}

static void propose(struct prelist *p)
{
	for (size_t i = 0; i < p->n_columns; i++) {
		struct column *c = &p->columns[i];

		if (says_why(p, c))
			c->shown.by = PRELIST_REASON;
		if (c->shown.by == PRELIST_UNKNOWN)
			propose_one(p, &p->own, c);
		if (c->shown.by == PRELIST_UNKNOWN && words_skip(p, c->folded))
			c->shown.by = PRELIST_SKIPPED;
	}
	for (size_t i = 0; i < p->n_columns && has_link(p); i++)
		if (p->columns[i].shown.by == PRELIST_UNKNOWN)
			propose_one(p, &p->up, &p->columns[i]);
}

static const struct dataset *parent_of(const struct prelist *p,
				       struct str property)
{
	const struct datasets *all = cases_datasets(p->cases);
	const struct dataset *d = p->own.dataset;
	const struct dataset_row *r;

	for (size_t i = 0; (r = dataset_row(d, DATASET_PARENT, i)); i++)
		if (str_eq(r->value, property))
			return datasets_find(all, r->name);
	return NULL;
}

/* A number that becomes a property of what is made follows its rules. */
static void number_rules(struct prelist *p, struct column *c)
{
	struct str to = words_to(p, &p->up, c->shown.head, c->folded);

	c->makes = true;
	c->numbered = str_eq(to, p->make->value);
	if (c->numbered)
		c->digits = rules_get(&p->up.rules, RULE_DIGITS, to, 0);
}

void column_rules(struct prelist *p, struct column *c)
{
	const struct rules *rules;
	bool own;

	c->to = c->shown.property;
	c->side = side_of(p, &c->to);
	c->parent = NULL;
	c->unique = c->coded = c->makes = c->numbered = false;
	c->digits = c->date = NULL;
	c->length = 0;
	c->part = WHOLE;
	if (!c->to.n || !c->side)
		return;
	own = c->side == &p->own;
	rules = &c->side->rules;
	c->part = words_part(c->side, c->to, c->folded);
	c->parent = own ? parent_of(p, c->to) : NULL;
	c->unique = own && dataset_named(p->own.dataset, DATASET_UNIQUE, c->to);
	c->coded = rules_get(rules, RULE_CODE, c->to, 0);
	c->digits = rules_get(rules, RULE_DIGITS, c->to, 0);
	c->date = rules_get(rules, RULE_DATE, c->to, 0);
	if (own && p->make && str_eq(c->to, p->make->property))
		number_rules(p, c);
}

/* The column with a number of its own, else one of a unique property. */
static void propose_key(struct prelist *p)
{
	if (p->key != SIZE_MAX)
		return;
	for (size_t i = 0; i < p->n_columns && p->key == SIZE_MAX; i++)
		if (words_key(p, p->columns[i].folded))
			p->key = i;
	p->key_own = p->key != SIZE_MAX;
	for (size_t i = 0; i < p->n_columns && p->key == SIZE_MAX; i++)
		if (p->columns[i].unique)
			p->key = i;
}

/* ---- the rows below */
enum err body_begin(struct prelist *p)
{
	char separator = p->csv.separator, newline = p->csv.newline;

	csv_release(&p->csv);
	csv_init(&p->csv, buf_str(&p->source.text));
	p->csv.separator = separator;
	p->csv.newline = newline;
	p->csv.at = p->body;
	p->csv.next_line = p->body_line;
	p->csv.row = p->body_row;
	return ERR_NONE;
}

static bool blank(const struct str *cells, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_trim(cells[i]).n)
			return false;
	return true;
}

/* The heads once more, as on every page of what was printed. */
static bool heads_again(struct prelist *p)
{
	const struct csv *c = &p->csv;
	size_t met = 0;

	for (size_t i = 0; i < c->cells.n && i < p->n_columns; i++) {
		struct str cell = words_fold(&p->memory, c->cells.at[i]);

		if (!cell.n)
			continue;
		if (!has_letter(cell) ||
		    !(str_starts(p->columns[i].folded, cell) ||
		      str_ends(p->columns[i].folded, cell)))
			return false;
		met++;
	}
	return met > 1;
}

enum err body_row(struct prelist *p, bool *short_row)
{
	struct csv *c = &p->csv;
	enum err rc;

	do
		rc = csv_row(c);
	while (!rc && (blank(c->cells.at, c->cells.n) || heads_again(p)));
	if (rc)
		return rc;
	while (c->cells.n > p->n_columns &&
	       !str_trim(c->cells.at[c->cells.n - 1]).n)
		c->cells.n--;
	*short_row = c->cells.n > p->n_columns ||
		     (c->cells.n < p->n_columns && !p->source.sheet);
	while (c->cells.n < p->n_columns) {
		struct str *slot = vec_push(&c->cells);

		if (!slot)
			return ERR_NOMEM;
		*slot = STR("");
	}
	return merged_fill(p);
}

/* The first value of each column, to be shown beside its head. */
static enum err sample(struct prelist *p)
{
	bool unused;
	enum err rc = body_begin(p);

	for (size_t k = 0; k < PRELIST_HEAD_ROWS && !rc; k++) {
		rc = body_row(p, &unused);
		for (size_t i = 0; i < p->n_columns && !rc; i++) {
			struct prelist_column *c = &p->columns[i].shown;

			if (!c->sample.n)
				c->sample =
					arena_dup(&p->arena,
						  one_line(&p->memory,
							   p->csv.cells.at[i]));
		}
	}
	return rc == ERR_NOMEM ? rc : ERR_NONE;
}

static enum err find_body(struct prelist *p, struct lines *all, size_t at)
{
	struct line *head = &all->at[at], *last = head;
	enum err rc = ERR_NONE;

	if (at + 1 < all->n && is_second(p, head, &all->at[at + 1])) {
		last = &all->at[at + 1];
		rc = join_heads(p, head, last);
		at++;
	}
	if (at + 1 < all->n && is_numbering(&all->at[at + 1]))
		last = &all->at[at + 1];
	while (head->n && !head->cells[head->n - 1].n)
		head->n--;
	p->body = last->behind;
	p->body_line = last->next_line;
	p->body_row = last->row;
	return rc ? rc : make_columns(p, head);
}

enum err heads_read(struct prelist *p, struct report *rep)
{
	struct lines *all = arena_alloc(&p->arena, sizeof(*all));
	size_t best;
	enum err rc = all ? read_lines(p, all) : ERR_NOMEM;

	best = rc ? SIZE_MAX : best_line(all);
	if (!rc && best == SIZE_MAX)
		return prelist_say(p, rep, STR(""),
				   N_("berkas kosong atau bukan CSV"));
	if (!rc)
		rc = find_body(p, all, best);
	if (!rc)
		rc = sample(p);
	if (!rc)
		rc = memory_take(p);
	if (rc)
		return rc;
	for (size_t i = 0; i < p->n_columns; i++)
		column_rules(p, &p->columns[i]); /* of those remembered */
	propose(p);
	arena_reset(&p->memory);
	for (size_t i = 0; i < p->n_columns; i++)
		column_rules(p, &p->columns[i]);
	propose_key(p);
	return ERR_NONE;
}
