/* SPDX-License-Identifier: MIT */
#include "internal.h"

#include "pilar/i18n.h"
#include "pilar/when.h"

#define DAY_MS INT64_C(86400000)

struct str cases_busy(struct cases *c, enum store_env env, struct arena *a)
{
	struct store_holder who = { 0, 0 };
	int64_t now = sys_now(c->sys);
	struct when w;

	if (!store_holder(c->store, env, &who) || who.pid <= 0)
		return str_from(_("proses lain sedang menulis, coba lagi"));
	when_local(c->sys, who.since, &w);
	/* one of another day was stopped in the middle */
	if (now - who.since >= DAY_MS)
		return arena_printf(a,
				    _("proses %lld menulis sejak "
				      "%02d-%02d-%04d, coba lagi"),
				    (long long)who.pid, w.day, w.month, w.year);
	return arena_printf(a,
			    _("proses %lld menulis sejak %02d:%02d:%02d, "
			      "coba lagi"),
			    (long long)who.pid, w.hour, w.minute, w.second);
}

enum err write_begin(struct txn **t, struct cases *c, struct report *rep)
{
	enum err rc = txn_begin(t, c->store, STORE_MAIN, TXN_WRITE);
	struct arena a = { 0 };

	if (rc == ERR_BUSY && rep) {
		struct str who = cases_busy(c, STORE_MAIN, &a);

		report_add(rep, PROBLEM_ERROR, STR(""), "%.*s", STR_ARG(who));
		arena_release(&a);
	}
	return rc;
}
