/* SPDX-License-Identifier: MIT */
#ifndef TREE_SCAN_H
#define TREE_SCAN_H

#include "pilar/attr.h"
#include "pilar/err.h"
#include "pilar/report.h"
#include "pilar/str.h"

/*
 * Looks over the bytes of a document before libxml2 does, for what it would
 * be slow or too liberal at: size (`max`), an encoding other than UTF-8 by its
 * first bytes, and more than TREE_MAX_ATTRS attributes in one tag (libxml2 2.9
 * compares each with each: 200,000 take ten seconds and more).
 */
enum err xml_scan(struct str xml, size_t max, const char *name,
		  struct report *rep) MUST_CHECK;

#endif
