/* SPDX-License-Identifier: MIT */
#include "line.h"

#include <stdarg.h>

#include "pilar/i18n.h"
#include "pilar/map.h"
#include "pilar/search.h"
#include "pilar/utf8.h"

#include "paper.h"
#include "text.h"

void line_say(struct line *l, const char *format, ...)
{
	char text[1024];
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	if (n > 0)
		buf_adds(&l->said, text);
}

void line_refuse(struct line *l, const char *why)
{
	line_say(l, "! %s\n", why);
	l->refused = true;
}

void line_say_text(struct line *l, struct str text)
{
	utf8_clean(&l->said, text);
}

static void say_line(struct line *l, const char *before, struct str text)
{
	buf_adds(&l->said, before);
	line_say_text(l, text);
	buf_addc(&l->said, '\n');
}

/* ---- what stands between two questions */
static struct str label_of(struct line *l, const struct step *step)
{
	struct str label =
		step->kind == STEP_QUESTION
			? session_label(l->session, step->ref)
			: session_item_label(l->session, step->item, step->ref);

	return text_plain(&l->turn, label);
}

/* Is it the step with this number, or these words? */
static bool named(struct line *l, const struct step *step, struct str want,
		  unsigned rank)
{
	struct str typed = search_fold(&l->turn, want, true), number = STR("");
	struct str label = search_fold(&l->turn, label_of(l, step), false);

	if (step->kind == STEP_QUESTION)
		number = arena_printf(&l->turn, "%u",
				      (unsigned)step->item->number);
	return choice_rank(number, label, want, typed) == rank;
}

static size_t find_kind(struct line *l, struct str want, enum step_kind kind,
			unsigned rank)
{
	size_t i = 0;

	for (; i < l->n; i++) {
		const struct step *step = &l->steps[i];

		if (step->kind == kind &&
		    (kind != STEP_QUESTION ||
		     pages_asks(l->session, step, l->fixed)) &&
		    named(l, step, want, rank))
			break;
	}
	return i;
}

size_t line_find(struct line *l, struct str want)
{
	/* a question; where one adds to a table; a part */
	static const enum step_kind kinds[] = { STEP_QUESTION, STEP_PROMPT,
						STEP_GROUP };
	size_t i = l->n;

	for (size_t k = 0; want.n && k < ARRAY_LEN(kinds); k++) {
		for (unsigned rank = 0; i == l->n && rank < RANK_NONE; rank++)
			i = find_kind(l, want, kinds[k], rank);
	}
	return i;
}

/* Said once for all of "G. House: walls", "G. House: roof". */
static void say_part(struct line *l, struct str label)
{
	struct str rest = label, part = label;
	uint64_t sum;

	(void)str_split(&rest, ':', &part);
	sum = map_hash(part, 0);
	if (sum == l->part)
		return;
	say_line(l, "", label);
	l->part = sum;
	l->number = 0;
}

/* Headings, rows of a table, notes: said when one comes past them. */
static void say_passed(struct line *l, const struct step *step)
{
	struct str label = label_of(l, step), value;

	if (!label.n)
		return;
	switch (step->kind) {
	case STEP_GROUP:
		if (!step->depth) /* parts only: a byte costs */
			say_part(l, label);
		break;
	case STEP_REPEAT:
		l->number = 0;
		line_say(l, "%zu. ", step->instance);
		say_line(l, "", label);
		break;
	case STEP_QUESTION:
		if (pages_asks(l->session, step, l->fixed))
			return;
		value = session_display(l->session, step->ref, &l->turn);
		line_say_text(l, label);
		if (value.n)
			say_line(l, ": ", value);
		else
			buf_addc(&l->said, '\n');
		break;
	case STEP_PROMPT:
		break;
	}
}

/* ---- the question */
/* Was this list of choices said before? Now it was. */
static bool said_before(struct line *l, const struct choices *c)
{
	uint64_t sum = 0, *slot;

	for (size_t i = 0; i < c->n; i++)
		sum = sum * 31 + map_hash(c->at[i].label, i) +
		      map_hash(c->codes[i], i);
	vec_each (list, &l->lists) {
		if (*list == sum)
			return true;
	}
	slot = vec_push(&l->lists);
	if (slot)
		*slot = sum;
	return false;
}

/* Short lists stand in the question, once; the others are had by `?`. */
static void say_choices(struct line *l, const struct choices *c)
{
	size_t columns = 0;

	for (size_t i = 0; i < c->n; i++)
		columns += c->codes[i].n + utf8_count(c->at[i].label) + 3;
	if (columns > LINE_CHOICES || said_before(l, c))
		return;
	for (size_t i = 0; i < c->n; i++) {
		buf_adds(&l->said, i ? ", " : " (");
		buf_addstr(&l->said, c->codes[i]);
		buf_addc(&l->said, ' ');
		line_say_text(l, text_plain(&l->turn, c->at[i].label));
	}
	if (c->n)
		buf_addc(&l->said, ')');
}

/* Of a choice its codes, where they stand in the question. */
static void say_value(struct line *l, const struct step *step,
		      const struct choices *c)
{
	struct str value = session_value(l->session, step->ref);
	enum field_kind kind = field_kind_of(step->item);
	size_t n = utf8_count(value);

	if (!value.n)
		return;
	if (c->n)
		value = choices_codes(c, value, &l->turn);
	else if (kind == FIELD_CODE)
		value = session_display(l->session, step->ref, &l->turn);
	else
		value = field_shown(kind, value, &l->turn);
	buf_adds(&l->said, " [");
	if (item_has(step->item, "masked"))
		while (n--)
			buf_addc(&l->said, '*');
	else
		line_say_text(l, value);
	buf_addc(&l->said, ']');
}

/* A number that follows from the one before is not said: a byte costs. */
static void say_number_of(struct line *l, const struct step *step)
{
	unsigned number = (unsigned)step->item->number;

	if (number && (!l->number || number != l->number + 1))
		line_say(l, "%u ", number);
	l->number = number;
}

static void ask_question(struct line *l, const struct step *step)
{
	struct choices c = { .n = 0 };
	struct str label = label_of(l, step);
	bool code = field_kind_of(step->item) == FIELD_CODE;

	say_number_of(l, step);
	if (code && label.n && label.p[label.n - 1] == '?')
		label.n--;
	line_say_text(l, label);
	if (session_required(l->session, step->ref))
		buf_addc(&l->said, '*');
	if (code && !paper_from_file(session_form(l->session), step->item) &&
	    !choices_load(&c, l->session, step->ref, &l->turn))
		say_choices(l, &c);
	say_value(l, step, &c);
	buf_adds(&l->said, code ? "? " : ": ");
}

void line_pass(struct line *l, size_t from)
{
	for (size_t i = from; i < l->at && i < l->n; i++)
		say_passed(l, &l->steps[i]);
}

void line_ask(struct line *l, size_t from)
{
	const struct step *step = &l->steps[l->at];

	line_pass(l, from);
	if (l->at >= l->n) {
		buf_adds(&l->said, _("Tinjau (f = selesai, ? = bantuan): "));
	} else if (step->kind == STEP_PROMPT) {
		line_say_text(l, label_of(l, step));
		line_say(l, _(" (%zu). Tambah? (y/t): "), step->instance);
	} else {
		ask_question(l, step);
	}
}

/* ---- help */
static void help_choices(struct line *l, const struct step *step)
{
	struct choices c = { .n = 0 };

	if (paper_from_file(session_form(l->session), step->item)) {
		line_say(l, "%s\n",
			 _("Ketik kodenya atau beberapa huruf namanya."));
		return;
	}
	if (choices_load(&c, l->session, step->ref, &l->turn))
		return;
	for (size_t i = 0; i < c.n; i++) {
		line_say(l, "  %.*s ", STR_ARG(c.codes[i]));
		say_line(l, "", text_plain(&l->turn, c.at[i].label));
	}
	if (step->item->kind != ITEM_SELECT1 && c.n > 1)
		line_say(l, "%s\n", _("Boleh beberapa, dipisah spasi: 1 3"));
}

void line_help(struct line *l)
{
	static const char *const commands[] = {
		N_("Yang berakhir ? punya pilihan: ketik ? untuk melihatnya"),
		N_("Enter saja = biarkan, lanjut   < = mundur   - = kosongkan"),
		N_("Tab = jawaban berikut di baris yang sama"),
		N_(":12 = ke nomor 12   :kata = ke pertanyaan dengan kata itu"),
		N_(":? = yang kosong atau salah   :u = batalkan, :U = ulangi"),
		N_(":t = tidak tahu, :m = menolak, di mana boleh"),
		N_(":c TEKS = catatan   :s = simpan draf dan keluar"),
	};
	const struct step *step = l->at < l->n ? &l->steps[l->at] : NULL;
	struct str hint;

	if (step && step->kind == STEP_QUESTION) {
		hint = text_plain(&l->turn,
				  session_hint(l->session, step->ref));
		if (hint.n)
			say_line(l, "", hint);
		if (field_kind_of(step->item) == FIELD_CODE)
			help_choices(l, step);
		if (field_kind_of(step->item) == FIELD_DATE)
			line_say(l, "%s\n",
				 _("Tanggal: 12071985, titik = hari ini"));
	}
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		line_say(l, "%s\n", _(commands[i]));
}

/* ---- the review */
static void say_number(struct line *l, struct ref r)
{
	const struct item *i = session_item(l->session, r);

	line_say(l, "%u ", i ? (unsigned)i->number : 0);
	line_say_text(l, text_plain(&l->turn, session_label(l->session, r)));
	buf_adds(&l->said, ": ");
}

void line_review(struct line *l)
{
	struct violation *v = NULL;
	size_t n = 0, empty = 0;

	if (session_validate(l->session, &l->turn, &v, &n))
		n = 0;
	for (size_t i = 0; i < n; i++) {
		buf_adds(&l->said, "! ");
		say_number(l, v[i].ref);
		say_line(l, "",
			 v[i].message.n ? v[i].message
					: paper_wrong(v[i].verdict));
	}
	vec_each (r, &l->keying.remarks) {
		struct ref ref = session_find(l->session, r->path);

		if (!r->path.n)
			continue;
		buf_adds(&l->said, "# ");
		if (ref.node)
			say_number(l, ref);
		say_line(l, "", r->text);
	}
	for (size_t i = 0; i < l->n; i++)
		empty += pages_asks(l->session, &l->steps[i], l->fixed) &&
			 !session_value(l->session, l->steps[i].ref).n;
	line_say(l, _("%zu harus diperbaiki, %zu kosong\n"), n, empty);
}
