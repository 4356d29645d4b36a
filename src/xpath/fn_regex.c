/* SPDX-License-Identifier: MIT */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "pilar/i18n.h"

#include "fn.h"
#include "parse.h"

/* A pattern of a form is short; a hostile one must end soon. */
#define PATTERN_MAX 10000
#define MATCH_MAX   200000 /* calls of PCRE2's matcher, about 10 ms */
#define HEAP_MAX    8192   /* KiB */

/* Java's syntax is near; the whole text must match (Pattern.matches). */
#define COMPILE_FLAGS                                                      \
	(PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED |                  \
	 PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C | PCRE2_ALT_BSUX | \
	 PCRE2_MATCH_INVALID_UTF)

struct regex {
	pcre2_compile_context *limits;
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *bounds;
};

static void regex_release(struct regex *r)
{
	pcre2_match_context_free(r->bounds);
	pcre2_match_data_free(r->data);
	pcre2_code_free(r->code);
	pcre2_compile_context_free(r->limits);
}

/* ERR_SYNTAX with the byte where the pattern breaks. */
static enum err pattern_compile(struct regex *r, struct str p, size_t *at)
{
	int problem = 0;

	r->limits = pcre2_compile_context_create(NULL);
	if (!r->limits)
		return ERR_NOMEM;
	pcre2_set_max_pattern_length(r->limits, PATTERN_MAX);
	r->code = pcre2_compile((PCRE2_SPTR)p.p, p.n, COMPILE_FLAGS, &problem,
				at, r->limits);
	return r->code ? ERR_NONE : ERR_SYNTAX;
}

static enum err regex_compile(struct eval *e, struct regex *r, struct str p)
{
	size_t at = 0;
	enum err rc = pattern_compile(r, p, &at);

	if (rc == ERR_SYNTAX)
		return eval_fail(e, _("pola regex salah pada huruf ke-%zu"),
				 at + 1);
	if (rc)
		return rc;
	r->data = pcre2_match_data_create(1, NULL);
	r->bounds = pcre2_match_context_create(NULL);
	if (!r->data || !r->bounds)
		return ERR_NOMEM;
	pcre2_set_match_limit(r->bounds, MATCH_MAX);
	pcre2_set_depth_limit(r->bounds, MATCH_MAX);
	pcre2_set_heap_limit(r->bounds, HEAP_MAX);
	return ERR_NONE;
}

static enum err fn_regex(struct eval *e, const struct val *args, size_t n,
			 struct val *out)
{
	struct regex r = { 0 };
	struct str s = val_str(e, &args[0]), p = val_str(e, &args[1]);
	enum err rc;
	int hit;

	(void)n;
	if (!s.p || !p.p)
		return ERR_NOMEM;
	rc = regex_compile(e, &r, p);
	if (rc)
		goto out;
	hit = pcre2_match(r.code, (PCRE2_SPTR)s.p, s.n, 0, 0, r.data, r.bounds);
	if (hit < 0 && hit != PCRE2_ERROR_NOMATCH)
		rc = eval_fail(e, _("pola regex terlalu berat"));
	else
		val_set_bool(out, hit >= 0);
out:
	regex_release(&r);
	return rc;
}

/* Does the pattern say that it means the whole text? */
static bool is_anchored(struct str p)
{
	return p.n >= 2 && p.p[0] == '^' && p.p[p.n - 1] == '$';
}

/*
 * A pattern that stands in the form is tried when the form is read. Engines
 * differ on whether it must match the whole text, unless it says so.
 */
bool check_pattern(struct parser *p, const struct expr *call)
{
	const struct expr *arg = call->args->next;
	struct regex r = { 0 };
	size_t at = 0;
	enum err rc;

	if (arg->op != OP_STRING)
		return true;
	rc = pattern_compile(&r, arg->text, &at);
	regex_release(&r);
	if (rc == ERR_NOMEM)
		p->failed = p->nomem = true;
	else if (rc)
		parse_fail(p, arg->at + 1 + at, "%s", _("pola regex salah"));
	else if (!is_anchored(arg->text))
		parse_warn(p, arg->at, "%s",
			   _("pola regex tanpa ^ dan $; di sini seluruh isian "
			     "harus cocok, di program lain cukup sebagian"));
	return !rc;
}

static const struct func rows[] = {
	{ STR_INIT("regex"), 2, 2, FN_BOOLEAN, FN_PATTERN, fn_regex, NULL },
	{ .min = 0 },
};

const struct func *func_regex(void)
{
	return rows;
}
