/* SPDX-License-Identifier: MIT */
/* Stands in until module cases is in; then this file goes. */
#include "app.h"

enum err __attribute__((weak))
cases_open(struct cases **out, struct store *st, const struct sys *sys,
	   struct str worker, struct report *rep)
{
	(void)out, (void)st, (void)sys, (void)worker, (void)rep;
	return ERR_NOTFOUND;
}

void __attribute__((weak)) cases_close(struct cases *c)
{
	(void)c;
}

enum err __attribute__((weak))
cases_setup(struct store *st, const struct sys *sys,
	    const struct cases_setup *how, struct report *rep)
{
	(void)st, (void)sys, (void)how, (void)rep;
	return ERR_NONE;
}

enum err __attribute__((weak))
cases_media_put(struct cases *c, struct str name, struct str bytes,
		struct report *rep)
{
	(void)c, (void)name, (void)bytes, (void)rep;
	return ERR_NOTFOUND;
}

enum err __attribute__((weak))
cases_form_add(struct cases *c, struct str xml, const char *name,
	       struct report *rep)
{
	(void)c, (void)xml, (void)name, (void)rep;
	return ERR_NOTFOUND;
}

enum err __attribute__((weak))
cases_rebuild(struct cases *c, store_progress progress, void *arg,
	      struct report *rep)
{
	(void)c, (void)progress, (void)arg, (void)rep;
	return ERR_NOTFOUND;
}

enum err __attribute__((weak))
cases_dump(struct cases *c, enum err (*sink)(void *arg, struct str), void *arg)
{
	(void)c, (void)sink, (void)arg;
	return ERR_NOTFOUND;
}
