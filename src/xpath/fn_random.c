/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "pilar/i18n.h"
#include "pilar/seal.h"
#include "pilar/sys.h"

#include "fn.h"

#define UUID_N_MAX 1000

static enum err fn_random(struct eval *e, const struct val *args, size_t n,
			  struct val *out)
{
	(void)args;
	(void)n;
	return val_set_num(out, sys_random01(fn_sys(e)));
}

static enum err random_letters(struct eval *e, size_t n, struct val *out)
{
	static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	struct buf b = BUF_INIT(UUID_N_MAX + 1);

	while (n--)
		buf_addc(&b, letters[(size_t)(sys_random01(fn_sys(e)) *
					      (sizeof(letters) - 1))]);
	return fn_take(e, &b, out);
}

static enum err fn_uuid(struct eval *e, const struct val *args, size_t n,
			struct val *out)
{
	char text[UUID_LEN + 1];
	double count = n ? val_num(e, &args[0]) : 0;

	if (n && !(count >= 0 && count <= UUID_N_MAX))
		return eval_fail(e, _("uuid: 0 sampai %d huruf"), UUID_N_MAX);
	if (n)
		return random_letters(e, (size_t)count, out);
	sys_uuid(fn_sys(e), text);
	return val_set_str(out, arena_dup(e->arena, str_of(text, UUID_LEN)));
}

/* ---- randomize: the same order in every ODK client for the same seed */

#define PARK_MILLER_PRIME  2147483647
#define PARK_MILLER_FACTOR 16807

struct park_miller {
	int64_t state;
};

static void park_miller_seed(struct park_miller *r, int64_t seed)
{
	r->state = seed % PARK_MILLER_PRIME;
	if (r->state <= 0)
		r->state += PARK_MILLER_PRIME - 1;
}

/* [0, 1) */
static double park_miller_next(struct park_miller *r)
{
	r->state = r->state * PARK_MILLER_FACTOR % PARK_MILLER_PRIME;
	return (double)(r->state - 1) / (PARK_MILLER_PRIME - 1);
}

/* A text that is no number counts by the first 8 bytes of its SHA-256. */
static int64_t text_seed(struct str s)
{
	uint8_t raw[32];
	uint64_t v = 0;

	if (!s.n)
		return 0;
	sha256(raw, s);
	for (size_t i = 0; i < sizeof(v); i++)
		v = v << 8 | raw[i];
	return (int64_t)v;
}

static int64_t seed_of(struct eval *e, const struct val *v)
{
	double n = val_num(e, v);

	if (isnan(n))
		return text_seed(val_str(e, v));
	if (fabs(n) >= 0x1p63)
		return n < 0 ? INT64_MIN : INT64_MAX;
	return (int64_t)n;
}

/* Fisher and Yates, from the inside out. */
static void shuffle(struct node **to, const struct val *from, int64_t seed)
{
	struct park_miller r;

	park_miller_seed(&r, seed);
	for (size_t i = 0; i < from->n; i++) {
		size_t j = (size_t)(park_miller_next(&r) * (double)(i + 1));

		to[i] = to[j];
		to[j] = val_node(from, i);
	}
}

static enum err fn_randomize(struct eval *e, const struct val *args, size_t n,
			     struct val *out)
{
	struct node **nodes;
	int64_t seed = 0;

	if (args->kind != VAL_NODES)
		return eval_fail(e, _("randomize: bukan kumpulan node"));
	nodes = arena_array(e->arena, args->n + 1, sizeof(struct node *));
	if (!nodes)
		return ERR_NOMEM;
	if (n > 1)
		seed = seed_of(e, &args[1]);
	else
		fn_sys(e)->random(fn_sys(e)->self, &seed, sizeof(seed));
	shuffle(nodes, &args[0], seed);
	return val_set_nodes(out, nodes, args->n);
}

static const struct func rows[] = {
	{ STR_INIT("random"), 0, 0, FN_NUMBER, FN_RANDOM, fn_random, NULL },
	{ STR_INIT("uuid"), 0, 1, FN_STRING, FN_RANDOM, fn_uuid, NULL },
	{ STR_INIT("randomize"), 1, 2, FN_NODES, FN_WHOLE | FN_RANDOM_ALONE,
	  fn_randomize, NULL },
	{ .min = 0 },
};

const struct func *func_random(void)
{
	return rows;
}
