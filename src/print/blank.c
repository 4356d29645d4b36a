/* SPDX-License-Identifier: MIT */
#include "pilar/print.h"

#include "pilar/i18n.h"
#include "pilar/xpath.h"

/* What stands where an answer will be known. */
#define GAP STR("...")
/* More choices than this are looked up, not printed. */
#define CHOICES_MAX 60
/* A condition of more bytes is no help to a person with a pen. */
#define WORDS_MAX 240
/* Boxes of a whole number whose bounds nobody tells us; rows to write in. */
#define NUMBER_BOXES (size_t)8
#define TEXT_LINES   1
#define LONG_LINES   3
/* Persons of a roster's table, and the part of the width its questions get. */
#define ROSTER_COLUMNS 6
#define ROSTER_SHARE   46
#define ROSTER_CELL    9

struct printer {
	bool internal; /* a condition names what only the form knows */
	struct doc *doc;
	const struct form *form;
	size_t language;
	struct arena arena; /* of one question */
	enum err rc;
};

static struct str text_of(struct printer *p, const struct item *i,
			  enum item_text which)
{
	return form_text(p->form, i, which, p->language, GAP, &p->arena);
}

/* ---- choices as the screen numbers them */
static const struct doc_choice *choices_of(struct printer *p,
					   const struct item *i,
					   struct arena *a, size_t *n)
{
	const struct choice *at = NULL;
	struct doc_choice *out;
	bool own;

	*n = 0;
	if (p->rc || i->kind < ITEM_SELECT1 || i->kind > ITEM_RANK)
		return NULL;
	p->rc = form_choices(p->form, i, p->language, a, &at, n);
	out = arena_array(a, *n + 1, sizeof(*out));
	if (!out || p->rc) {
		*n = 0;
		p->rc = p->rc ? p->rc : ERR_NOMEM;
		return NULL;
	}
	own = choices_coded(at, *n);
	for (size_t k = 0; k < *n; k++) {
		out[k].code = own ? at[k].value : arena_printf(a, "%zu", k + 1);
		out[k].label = at[k].label;
	}
	return out;
}

/* ---- conditions in words */
/* "umur" helps a person with a pen, "n_26" does not. */
static bool is_plain(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (ascii_digit(name.p[i]))
			return false;
	return true;
}

static struct str node_words(void *arg, uint32_t slot, struct arena *a)
{
	struct printer *p = arg;
	const struct item *i = form_item(p->form, slot);

	if (i && i->number)
		return arena_printf(a, _("no. %u"), (unsigned)i->number);
	if (!is_plain(form_shape(p->form)->slots[slot].name->local))
		p->internal = true;
	return (struct str){ NULL, 0 };
}

static struct str value_words(void *arg, uint32_t slot, struct str value,
			      struct arena *a)
{
	struct printer *p = arg;
	const struct item *i = form_item(p->form, slot);
	const struct choice *at = NULL;
	const struct doc_choice *shown;
	size_t n = 0;

	shown = i ? choices_of(p, i, a, &n) : NULL;
	if (!shown || form_choices(p->form, i, p->language, a, &at, &n))
		return (struct str){ NULL, 0 };
	for (size_t k = 0; k < n; k++)
		if (str_eq(at[k].value, value))
			return arena_printf(a, "%.*s %.*s",
					    STR_ARG(shown[k].code),
					    STR_ARG(shown[k].label));
	return (struct str){ NULL, 0 };
}

static const struct xpath *formula_of(void *arg, uint32_t slot)
{
	const struct printer *p = arg;
	const struct item *i = form_item(p->form, slot);

	return i && i->number ? NULL : form_formula(p->form, slot);
}

static struct str condition_of(struct printer *p, const struct item *i)
{
	const struct xpath_reader how = { .arg = p,
					  .node = node_words,
					  .value = value_words,
					  .formula = formula_of };
	const struct xpath *x = i->slot == ITEM_NO_SLOT
					? NULL
					: form_relevant(p->form, i->slot);

	struct str words;

	if (!x)
		return STR("");
	p->internal = false;
	words = xpath_words(x, &how, &p->arena);
	if (words.n > WORDS_MAX || p->internal)
		return str_from(_("Isi bila komputer memintanya."));
	return arena_printf(&p->arena, _("Isi bila %.*s."), STR_ARG(words));
}

/* ---- one question */
/* Digits of the largest number that "<=" in a constraint names. */
static size_t digits_of(const struct xpath *constraint)
{
	struct str text = constraint ? xpath_text(constraint) : STR("");
	size_t at = 0, max = 0;

	while ((at = str_find(text, STR("<="), at)) != SIZE_MAX) {
		struct str rest = str_trim(str_sub(text, at += 2, text.n));
		size_t n = 0;

		while (n < rest.n && ascii_digit(rest.p[n]))
			n++;
		max = n > max ? n : max;
	}
	return max && max < NUMBER_BOXES * 2 ? max : NUMBER_BOXES;
}

static size_t boxes_of(const struct printer *p, const struct item *i)
{
	static const struct str word = STR_INIT("len");
	struct str rest = i->appearance, one;
	int64_t n;

	while (str_word(&rest, &one))
		if (str_starts(one, word) &&
		    str_to_i64(str_sub(one, word.n, one.n), &n) && n > 0 &&
		    n <= 40)
			return (size_t)n;
	switch ((int)i->type) {
	case TYPE_DATE:
		return sizeof("ddmmyyyy") - 1;
	case TYPE_TIME:
		return sizeof("hhmm") - 1;
	case TYPE_INT:
		return digits_of(form_constraint(p->form, i->slot));
	default:
		return 0;
	}
}

static void print_question(struct printer *p, const struct item *i)
{
	struct doc_question q = { .label = text_of(p, i, ITEM_LABEL),
				  .hint = text_of(p, i, ITEM_HINT),
				  .condition = condition_of(p, i),
				  .required = form_required(p->form, i->slot) };

	q.number = arena_printf(&p->arena, "%u.", (unsigned)i->number);
	q.choices = choices_of(p, i, &p->arena, &q.n_choices);
	if (q.n_choices > CHOICES_MAX)
		q.n_choices = 0;
	if (!q.n_choices && i->kind == ITEM_INPUT)
		q.boxes = boxes_of(p, i);
	if (!q.n_choices && !q.boxes)
		q.lines = item_has(i, "multiline") ? LONG_LINES : TEXT_LINES;
	doc_question(p->doc, &q);
}

/* ---- a roster: questions down, persons across */
static struct str roster_label(struct printer *p, const struct item *i)
{
	struct str condition = condition_of(p, i), label, codes = STR("");
	const struct doc_choice *c;
	size_t n;

	label = arena_printf(&p->arena, "%u. %.*s%s", (unsigned)i->number,
			     STR_ARG(text_of(p, i, ITEM_LABEL)),
			     form_required(p->form, i->slot) ? " *" : "");
	c = choices_of(p, i, &p->arena, &n);
	for (size_t k = 0; k < n && n <= CHOICES_MAX; k++)
		codes = arena_printf(&p->arena, "%.*s%s%.*s %.*s",
				     STR_ARG(codes), k ? "; " : "\n",
				     STR_ARG(c[k].code), STR_ARG(c[k].label));
	return arena_printf(&p->arena, "%.*s%s%.*s%.*s", STR_ARG(label),
			    condition.n ? "\n> " : "", STR_ARG(condition),
			    STR_ARG(codes));
}

static const struct item *next_within(const struct item *i,
				      const struct item *top)
{
	if (i->first)
		return i->first;
	while (i != top && !i->next)
		i = i->parent;
	return i == top ? NULL : i->next;
}

static size_t count_asked(const struct item *top)
{
	size_t n = 0;

	for (const struct item *i = next_within(top, top); i;
	     i = next_within(i, top))
		n += i->number > 0;
	return n;
}

static void print_roster(struct printer *p, const struct item *top)
{
	struct doc_column columns[1 + ROSTER_COLUMNS] = { 0 };
	struct doc_table t = { .columns = columns,
			       .ruled = true,
			       .n_columns = 1 + ROSTER_COLUMNS };
	size_t n = count_asked(top);
	struct str *cells =
		arena_array(&p->arena, (n + 1) * t.n_columns, sizeof(*cells));

	if (!cells) {
		p->rc = ERR_NOMEM;
		return;
	}
	columns[0] = (struct doc_column){ text_of(p, top, ITEM_LABEL), false,
					  ROSTER_SHARE };
	for (size_t c = 1; c <= ROSTER_COLUMNS; c++)
		columns[c] =
			(struct doc_column){ arena_printf(&p->arena, "%zu", c),
					     false, ROSTER_CELL };
	for (const struct item *i = next_within(top, top); i;
	     i = next_within(i, top))
		if (i->number)
			cells[t.n_rows++ * t.n_columns] = roster_label(p, i);
	t.cells = cells;
	doc_heading(p->doc, 2, text_of(p, top, ITEM_LABEL));
	if (condition_of(p, top).n)
		doc_note(p->doc, condition_of(p, top));
	doc_table(p->doc, &t);
}

/* ---- the whole */
/* A heading, unless nothing under it is asked. */
static void print_group(struct printer *p, const struct item *i)
{
	struct str label = text_of(p, i, ITEM_LABEL);
	struct str condition = condition_of(p, i);

	if (label.n)
		doc_heading(p->doc, i->parent && i->parent->parent ? 3 : 2,
			    label);
	if (condition.n)
		doc_note(p->doc, condition);
}

static const struct item *print_item(struct printer *p, const struct item *i,
				     const struct item *root)
{
	const struct item *after = i;

	while (after != root && !after->next)
		after = after->parent;
	after = after == root ? NULL : after->next;
	if (i->kind == ITEM_REPEAT) {
		print_roster(p, i);
		return after;
	}
	if (i->kind == ITEM_GROUP && !count_asked(i))
		return after;
	if (i->kind == ITEM_GROUP)
		print_group(p, i);
	else if (i->number)
		print_question(p, i);
	return next_within(i, root);
}

enum err print_form(struct doc *d, const struct form *f, size_t language)
{
	struct printer p = { .doc = d, .form = f, .language = language };
	const struct item *root = form_body(f), *i = root->first;

	doc_heading(d, 1, form_title(f));
	doc_note(d,
		 str_from(_("Tanda * wajib diisi. Tulis kode jawaban seperti "
			    "di layar; nomor yang tidak memenuhi \"Isi "
			    "bila\" dilewati.")));
	while (i && !p.rc) {
		i = print_item(&p, i, root);
		arena_reset(&p.arena);
	}
	arena_release(&p.arena);
	return p.rc ? p.rc : d->out->failed;
}
