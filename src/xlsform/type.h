/* SPDX-License-Identifier: MIT */
#ifndef XLSFORM_TYPE_H
#define XLSFORM_TYPE_H

#include <stdbool.h>

#include "pilar/str.h"

/* What the rules of a question type hang on, beside its row of the table. */
enum rule {
	RULE_NONE,
	RULE_TEXT,
	RULE_PHOTO,
	RULE_AUDIO,
	RULE_RANGE,
	RULE_GEOPOINT,
	RULE_GEOLINE, /* geotrace, geoshape */
	RULE_CALCULATE,
	RULE_NOTE,
	RULE_AUDIT,
	RULE_SELECT,
	RULE_SELECT_EXTERNAL,
	RULE_BACKGROUND_AUDIO,
	RULE_START_GEOPOINT,
	RULE_BACKGROUND_GEOPOINT,
	RULE_EXTERNAL, /* csv-external, xml-external */
	RULE_OSM,
	RULE_INCLUDE
};

struct qtype {
	const char *names; /* spellings, separated by | */
	const char *tag;   /* of the control; NULL: none */
	const char *bind;  /* type of the bind; NULL: none */
	/* Attributes that come with the type, unless the row has its own. */
	const char *media, *preload, *preload_params, *readonly, *constraint;
	const char *hint;
	enum rule rule;
	bool dashes; /* a `-` in a default is no minus */
};

/* NULL when there is no such type. */
const struct qtype *type_find(struct str name);

/* "select_one L", "select_multiple_from_file F or_other", "rank L" .. */
struct select {
	const struct qtype *type;
	struct str command, list;
	bool other;
	bool from_file;
};
bool select_parse(struct str text, struct select *out);

/* "begin group", "end_repeat", "begin loop over L". */
enum section { SECTION_GROUP, SECTION_REPEAT, SECTION_LOOP };
bool begin_parse(struct str text, enum section *section, struct str *list);
bool end_parse(struct str text, enum section *section);

#endif
