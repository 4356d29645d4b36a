/* SPDX-License-Identifier: MIT */
#ifndef PILAR_PARADATA_H
#define PILAR_PARADATA_H

#include <stdbool.h>
#include <stdint.h>

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/buf.h"
#include "pilar/err.h"
#include "pilar/form.h"
#include "pilar/str.h"

/*
 * The audit log of a filling (ODK.md 14), where the form asks for one: what
 * was shown and answered when, as audit.csv beside the submission. Location is
 * not logged: there is none here. Times are milliseconds UTC.
 */
#define PARADATA_NAME "audit.csv"
/* Longer than a day of keying; what comes after is not logged. */
#define PARADATA_MAX ((size_t)1 << 20)

struct paradata {
	struct form_audit how; /* all false: the form asks for none */
	struct buf rows;       /* as they stand in the file, without its head */
	struct arena arena;    /* of what is open */
	struct str path, was;  /* the question a person is at; or empty */
	struct str group;      /* the page of questions; or empty */
	struct str user;
	int64_t since, group_since;
};
void paradata_release(struct paradata *p);
/* Looks what the form asks for; `user` is copied. */
void paradata_begin(struct paradata *p, const struct form *f, struct str user);

/* An event without a question ("form start"), or at the path of one. */
void paradata_event(struct paradata *p, const char *event, struct str path,
		    int64_t now);
/* A person comes to a question whose answer is `value`, and leaves it. */
void paradata_arrive(struct paradata *p, struct str path, struct str value,
		     int64_t now);
void paradata_leave(struct paradata *p, struct str value, int64_t now);
/* Another page of questions (a field-list); empty: none. */
void paradata_page(struct paradata *p, struct str group, int64_t now);
/* Why a finalised record is changed, where the form asks for it. */
void paradata_reason(struct paradata *p, struct str reason, int64_t now);

/* The whole file. */
enum err paradata_file(const struct paradata *p, struct buf *out) MUST_CHECK;
/* Does a submission name such a file in its meta block? */
bool paradata_named(struct str xml);

#endif
