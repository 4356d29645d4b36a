/* SPDX-License-Identifier: MIT */
#ifndef SCREENS_CASE_H
#define SCREENS_CASE_H

#include "pilar/cases.h"
#include "pilar/vec.h"

/* What a case consists of, as lines of its screen. */
enum case_kind {
	CASE_BLANK,
	CASE_HEAD,
	CASE_REMARK, /* below its event */
	CASE_MEMBER,
	CASE_DUE,
	CASE_EVENT
};

struct case_line {
	enum case_kind kind;
	struct str text;    /* of a head, a remark; what a due line is for */
	struct str dataset; /* of members and their head */
	const struct entity *member; /* also whose a due line is */
	const struct event *event;
	bool edited; /* a later event is its edit */
	int64_t day; /* of a due line, from 1970-01-01 */
};

struct case_view {
	struct cases *cases;
	struct arena arena;
	struct entity entity;
	int cols; /* of a remark's lines, from the caller */
	VEC(struct case_line) lines;
};

/* Of so many events, the newest, remarks are looked for. */
#define CASE_REMARKED_MAX 200

/*
 * Members (what names this case's dataset as its parent), what is due of it
 * and of them, and the events with what was remarked in them, newest first.
 */
enum err case_load(struct case_view *v, struct str dataset,
		   struct str id) MUST_CHECK;
void case_release(struct case_view *v);
/* A line the marker can stand on. */
bool case_selectable(const struct case_view *v, size_t i);

#endif
