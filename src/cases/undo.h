/* SPDX-License-Identifier: MIT */
#ifndef CASES_UNDO_H
#define CASES_UNDO_H

#include "project.h"

/*
 * What an event of kind EVENT_WITHDRAWN does: the submission with that
 * instanceID, noted before, counts no more. Entities it changed go to `folded`.
 */
enum err undo_apply(struct project *p, struct str instance_id) MUST_CHECK;

#endif
