/* SPDX-License-Identifier: MIT */
/* Stands in until the store and cases modules are in; then this file goes. */
#include "app.h"

enum err __attribute__((weak)) store_open(struct store **out,
					  const struct store_open *how,
					  struct report *rep)
{
	(void)out, (void)how, (void)rep;
	return ERR_NOTFOUND;
}

void __attribute__((weak)) store_close(struct store *st)
{
	(void)st;
}

enum err __attribute__((weak)) cases_open(struct cases **out, struct store *st,
					  const struct sys *sys,
					  struct str worker, struct report *rep)
{
	(void)out, (void)st, (void)sys, (void)worker, (void)rep;
	return ERR_NOTFOUND;
}

void __attribute__((weak)) cases_close(struct cases *c)
{
	(void)c;
}
