/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"
#include "pilar/utf8.h"

#include "prelist.h"

static const struct {
	const char *word;
	bool nameless; /* of no property */
	bool literal;  /* the value is no words */
} kinds[RULE_COUNT] = {
	[RULE_HEAD] = { "head", false, false },
	[RULE_KEY] = { "key", true, false },
	[RULE_DATE] = { "date", false, false },
	[RULE_DIGITS] = { "digits", false, false },
	[RULE_CODE] = { "code", false, false },
	[RULE_EMPTY] = { "empty", true, false },
	[RULE_SKIP] = { "skip", true, false },
	[RULE_PART] = { "part", false, false },
	[RULE_JOIN] = { "join", false, true },
	[RULE_MAKE] = { "make", false, true },
	[RULE_GIVE] = { "give", false, true },
	[RULE_FIRST] = { "first", false, true },
	[RULE_LOOKUP] = { "lookup", false, true },
};

enum { COLUMN_DATASET, COLUMN_KIND, COLUMN_NAME, COLUMN_VALUE, COLUMN_COUNT };
static const char *const heads[COLUMN_COUNT] = { "dataset", "kind", "name",
						 "value" };

struct str words_fold(struct arena *a, struct str text)
{
	struct str folded = utf8_fold(a, text);
	char *out = arena_cstr(a, folded);
	size_t n = 0;

	for (size_t i = 0; out && i < folded.n; i++) {
		unsigned char c = (unsigned char)out[i];

		if (ascii_letter(c) || ascii_digit(c) || c >= 0x80)
			out[n++] = (char)c;
	}
	return out ? str_of(out, n) : (struct str){ NULL, 0 };
}

size_t words_at(struct str words, struct str folded)
{
	struct str word;

	for (size_t i = 0; str_split(&words, '|', &word); i++)
		if (str_eq(word, folded))
			return i;
	return SIZE_MAX;
}

bool words_have(struct str words, struct str folded)
{
	return words_at(words, folded) != SIZE_MAX;
}

/* "NO. KK|No KK" becomes "nokk|nokk". */
static struct str fold_words(struct arena *a, struct str words)
{
	struct buf b = BUF_INIT(CSV_MAX_CELL);
	struct str word;

	while (str_split(&words, '|', &word)) {
		buf_adds(&b, b.n ? "|" : "");
		buf_addstr(&b, words_fold(a, word));
	}
	return buf_give(&b, a);
}

struct reading {
	struct rules *rules;
	struct csv csv;
	struct str dataset;
	struct arena *arena;
	struct report *rep;
	size_t at[COLUMN_COUNT];
};

static enum err wrong(struct reading *r, const char *why)
{
	report_add(r->rep, PROBLEM_ERROR,
		   arena_printf(r->arena, _("baris %zu"), r->csv.line), "%s",
		   _(why));
	return ERR_INVALID;
}

static enum err read_value(struct reading *r, struct rule *rule)
{
	struct str value = csv_cell(&r->csv, r->at[COLUMN_VALUE]), code;
	struct str first = value;
	uint64_t digits = 0;

	if (rule->kind == RULE_DIGITS) {
		if (!str_to_u64(value, &digits) || !digits || digits > 40)
			return wrong(r, N_("value: banyaknya angka, 1 sampai "
					   "40"));
		rule->digits = (size_t)digits;
	}
	if (rule->kind == RULE_CODE) {
		if (!str_split(&value, '=', &code) || !value.p)
			return wrong(r, N_("value: kode=kata|kata"));
		rule->code = arena_dup(r->arena, str_trim(code));
	}
	str_split(&first, '|', &rule->called);
	rule->called = arena_dup(r->arena, str_trim(rule->called));
	rule->value = kinds[rule->kind].literal ? arena_dup(r->arena, value)
						: fold_words(r->arena, value);
	return rule->value.p ? ERR_NONE : ERR_NOMEM;
}

static enum err read_kind(struct reading *r, struct rule *rule)
{
	struct str kind = csv_cell(&r->csv, r->at[COLUMN_KIND]);
	size_t k = 0;

	while (k < RULE_COUNT && !str_is(kind, kinds[k].word))
		k++;
	if (k == RULE_COUNT)
		return wrong(r, N_("kind: head, key, date, digits, code, "
				   "empty, skip, part, join, make, give, "
				   "first atau lookup"));
	rule->kind = (enum rule_kind)k;
	rule->property =
		arena_dup(r->arena, csv_cell(&r->csv, r->at[COLUMN_NAME]));
	if (!rule->property.n && !kinds[k].nameless)
		return wrong(r, N_("name kosong"));
	return read_value(r, rule);
}

static enum err read_rule(struct reading *r)
{
	struct str dataset = csv_cell(&r->csv, r->at[COLUMN_DATASET]);
	struct rule rule = { .kind = RULE_HEAD }, *slot;
	enum err rc;

	if (r->csv.cells.n == 1 && !csv_cell(&r->csv, r->at[COLUMN_KIND]).n)
		return ERR_NONE; /* a blank line */
	rc = read_kind(r, &rule);
	if (rc || (r->dataset.n && !str_eq(dataset, r->dataset)))
		return rc;
	if (r->rules->all.n == PRELIST_MAX_RULES)
		return wrong(r, N_("terlalu banyak baris"));
	slot = vec_push(&r->rules->all);
	if (!slot)
		return ERR_NOMEM;
	*slot = rule;
	return ERR_NONE;
}

static enum err read_heads(struct reading *r)
{
	enum err rc = csv_row(&r->csv);

	for (size_t i = 0; i < COLUMN_COUNT && !rc; i++) {
		r->at[i] = csv_column(&r->csv, heads[i]);
		if (r->at[i] == SIZE_MAX)
			rc = wrong(r, N_("kolom dataset, kind, name dan value "
					 "harus ada"));
	}
	return rc;
}

enum err rules_read(struct rules *rules, struct str csv, struct str dataset,
		    struct arena *a, struct report *rep)
{
	struct reading r = {
		.rules = rules, .dataset = dataset, .arena = a, .rep = rep
	};
	enum err rc, bad = ERR_NONE;

	csv_init(&r.csv, csv);
	rc = read_heads(&r);
	while (!rc) {
		rc = csv_row(&r.csv);
		if (rc == ERR_SYNTAX || rc == ERR_TOOBIG) {
			rc = wrong(&r, r.csv.problem);
			break; /* nobody knows where it goes on */
		}
		if (!rc)
			rc = read_rule(&r);
		if (rc == ERR_INVALID) {
			bad = rc; /* the others are looked at, too */
			rc = ERR_NONE;
		}
	}
	csv_release(&r.csv);
	return rc == ERR_NOTFOUND ? bad : rc;
}

const struct rule *rules_get(const struct rules *r, enum rule_kind kind,
			     struct str property, size_t i)
{
	vec_each (rule, &r->all) {
		if (rule->kind != kind ||
		    (property.n && !str_eq(rule->property, property)))
			continue;
		if (!i--)
			return rule;
	}
	return NULL;
}

enum err prelist_rules_check(struct str csv, struct report *rep)
{
	struct rules r = { .all = { 0 } };
	struct arena a = { 0 };
	enum err rc = rules_read(&r, csv, STR(""), &a, rep);

	vec_release(&r.all);
	arena_release(&a);
	return rc;
}
