/* SPDX-License-Identifier: MIT */
/*
 * What a store still holds, for kill.py: one line of JSON for each draft
 * ({"draft":ID,"xml":XML}) and each submission not yet exported
 * ({"event":INSTANCE,"xml":XML}).
 *
 *   kept DIR
 */
#include <stdio.h>

#include "pilar/cases.h"
#include "pilar/draft.h"
#include "pilar/json.h"

#define XML_MAX ((size_t)4 << 20)

static enum err print(const char *kind, struct str id, struct str xml)
{
	struct buf line = BUF_INIT(2 * XML_MAX);
	struct json *j = json_object_new();
	enum err rc = json_set(j, kind, json_str_new(id));

	if (!rc)
		rc = json_set(j, "xml", json_str_new(xml));
	if (!rc)
		rc = json_write(&line, j);
	if (!rc)
		printf("%.*s\n", STR_ARG(buf_str(&line)));
	json_free(j);
	buf_release(&line);
	return rc;
}

static enum err print_draft(struct cases *c, struct arena *a, struct str id,
			    struct report *rep)
{
	struct buf xml = BUF_INIT(XML_MAX);
	struct draft_open d = { 0 };
	enum err rc = draft_open(&d, c, id, true, a, rep);

	if (rc)
		return rc;
	rc = session_save_xml(d.session, &xml);
	if (!rc)
		rc = print("draft", id, buf_str(&xml));
	draft_close(d.draft);
	session_free(d.session);
	buf_release(&xml);
	return rc;
}

static enum err print_all(struct cases *c, struct report *rep)
{
	struct arena a = { 0 };
	struct draft_row *drafts = NULL;
	struct outbox_row *rows = NULL;
	size_t n = 0;
	enum err rc = draft_list(c, &a, &drafts, &n);

	for (size_t i = 0; !rc && i < n; i++)
		rc = print_draft(c, &a, drafts[i].id, rep);
	n = 0;
	if (!rc)
		rc = cases_outbox(c, &a, &rows, &n);
	for (size_t i = 0; !rc && i < n; i++) {
		struct event e;

		rc = cases_event(c, rows[i].instance_id, &a, &e);
		if (!rc)
			rc = print("event", rows[i].instance_id, e.xml);
	}
	arena_release(&a);
	return rc;
}

int main(int argc, char **argv)
{
	const struct store_open how = { .dir = argc == 2 ? argv[1] : "",
					.sys = sys_real() };
	struct report rep = { 0 };
	struct store *st = NULL;
	struct cases *c = NULL;
	enum err rc = store_open(&st, &how, &rep);

	if (!rc)
		rc = cases_open(&c, st, how.sys, STR(""), &rep);
	if (!rc)
		rc = print_all(c, &rep);
	if (rc)
		fprintf(stderr, "kept: %d %.*s\n", rc,
			STR_ARG(report_first(&rep, &rep.arena)));
	cases_close(c);
	store_close(st);
	report_release(&rep);
	return rc ? 1 : 0;
}
