/* SPDX-License-Identifier: MIT */
#include "since.h"

static bool moved(uint64_t *was, struct cases *c, enum store_env env)
{
	uint64_t now = store_last_txn(cases_store(c), env);
	bool other = *was != now;

	*was = now;
	return other;
}

bool since_records(struct since *s, struct cases *c)
{
	return moved(&s->records, c, STORE_MAIN);
}

bool since_any(struct since *s, struct cases *c)
{
	bool records = since_records(s, c);

	return moved(&s->drafts, c, STORE_DRAFTS) || records;
}
