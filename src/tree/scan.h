/* SPDX-License-Identifier: MIT */
#ifndef TREE_SCAN_H
#define TREE_SCAN_H

#include "pilar/attr.h"
#include "pilar/err.h"
#include "pilar/report.h"
#include "pilar/str.h"

/*
 * Looks over the bytes of a document before libxml2 does, for what it would
 * be slow or too liberal at: size (`max`), bytes that are no UTF-8 (libxml2
 * lets some of them pass in a CDATA section), and more than TREE_MAX_ATTRS
 * attributes in one tag (libxml2 2.9 compares each with each: 200,000 take ten
 * seconds and more).
 */
enum err xml_scan(struct str xml, size_t max, const char *name,
		  struct report *rep) MUST_CHECK;

#endif
