/* SPDX-License-Identifier: MIT */
#ifndef CASES_EVENTS_H
#define CASES_EVENTS_H

#include "event.h"

/*
 * What is kept beside events to find them, and which of them no sync file has
 * taken yet. All of it follows from events and batches.
 */
#define EVENT_HASH 32 /* of the XML */

enum err event_index(struct cases *c, struct txn *t, const struct stamp *s,
		     const struct envelope *e) MUST_CHECK;
/* As others see it; `whole` with its XML. */
enum err event_give(struct txn *t, const struct stamp *s, bool whole,
		    struct arena *a, struct event *out) MUST_CHECK;
enum err outbox_put(struct txn *t, const struct stamp *s,
		    struct str instance_id) MUST_CHECK;
bool event_mine(const struct cases *c, const struct stamp *s);
/* After an event was seen again: in the outbox unless a batch has it. */
enum err outbox_again(struct cases *c, struct txn *t) MUST_CHECK;

#endif
