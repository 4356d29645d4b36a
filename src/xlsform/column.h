/* SPDX-License-Identifier: MIT */
#ifndef XLSFORM_COLUMN_H
#define XLSFORM_COLUMN_H

#include "conv.h"

/* What a cell of a column is. */
enum field {
	FIELD_IGNORED,
	FIELD_TYPE,
	FIELD_NAME,
	FIELD_LABEL,
	FIELD_HINT,
	FIELD_GUIDANCE,
	FIELD_MEDIA,
	FIELD_BIND,
	FIELD_CONTROL,
	FIELD_INSTANCE,
	FIELD_DEFAULT,
	FIELD_TRIGGER,
	FIELD_FILTER,
	FIELD_PARAMETERS,
	FIELD_DISABLED,
	FIELD_LIST,
	FIELD_EXTRA, /* a choice's own column */
	FIELD_SETTING,
	FIELD_ATTRIBUTE, /* of the instance's root */
	FIELD_ENTITY_ID,
	FIELD_CREATE_IF,
	FIELD_UPDATE_IF,
	N_FIELDS
};

struct column {
	enum field field;
	struct str key, lang;
	const char *header;
};

/* Whose columns: each sheet has a table of them. */
enum columns_of { OF_SURVEY, OF_CHOICES, OF_SETTINGS, OF_ENTITIES };

/*
 * One column per header, in order. NULL when the header is wrong (reported)
 * or memory is out. `other` is what an unknown header is.
 */
struct column *columns_read(struct conv *cv, struct sheet *s,
			    enum columns_of of, enum field other) MUST_CHECK;
bool columns_have(const struct column *columns, const struct sheet *s,
		  enum field field);
/* Where the cells of a field go: at most one place is given. */
struct slot {
	struct str *text;
	struct lingual **lingual; /* by the column's language */
	struct attr **attrs;      /* by key, then language */
};
/* Stores the row's cells, cleaned; `slots` has N_FIELDS elements. */
void row_store(struct conv *cv, const struct sheet *s,
	       const struct column *columns, const struct row *row,
	       const struct slot *slots);

#endif
