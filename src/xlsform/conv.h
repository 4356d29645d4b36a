/* SPDX-License-Identifier: MIT */
#ifndef XLSFORM_CONV_H
#define XLSFORM_CONV_H

#include <stdbool.h>
#include <stdint.h>

#include "pilar/arena.h"
#include "pilar/attr.h"
#include "pilar/buf.h"
#include "pilar/err.h"
#include "pilar/map.h"
#include "pilar/report.h"
#include "pilar/str.h"

#include "sheet.h"

/*
 * One conversion, from sheets to XForm. The steps, in order:
 *
 *   sheet.c, text_sheets.c, xlsx*.c, xls*.c   bytes to tables of text
 *   column.c       header cells to columns that mean something
 *   settings.c, choices.c, entity.c           rows to the model below
 *   survey.c       its rows: section.c, question.c, select.c, rules.c, range.c
 *   place.c        where entities are declared
 *   check.c, instances.c   what can only be said once all of it is known
 *   itext.c, emit_model.c, emit_body.c        the model to XML
 *   origin.c       back from nodes of the XForm to cells
 *
 * lex.c and refs.c know ${references}, type.c the types of questions.
 *
 * Everything lives in the arena and dies with it. A step that finds a mistake
 * reports it and goes on; XML is written only when there was none. Running
 * out of memory is kept in `failed`: allocation then gives NULL.
 */

/* Deeper nesting or more nodes than this no XForm reader of ours accepts. */
#define XLSFORM_MAX_DEPTH 48
#define XLSFORM_MAX_NODES 200000
/* ${..} in one cell. */
#define XLSFORM_MAX_REFS 2000
/* Lists one form writes to. */
#define XLSFORM_MAX_ENTITIES 64

/* A text in the languages it was given in, by column. Empty `lang`: a column
 * without language. */
struct lingual {
	struct lingual *next;
	struct str lang, text;
};

/* A named value: attribute of a bind, a control, an instance node; a kind of
 * media; a parameter; a setting. */
struct attr {
	struct attr *next;
	struct str key;
	struct lingual *value;
	struct str column; /* as the header has it, for messages */
};

struct choice {
	struct choice *next;
	struct str name;
	struct lingual *label;
	struct attr *media, *extra;
	uint32_t at;
};

struct list {
	struct list *next;
	struct str name;
	struct choice *first, *last;
	const struct choice *blank; /* one with a blank in its name */
	size_t n;
	bool other;  /* it has a choice named other */
	bool itext;  /* labels come from itext */
	bool search; /* used by search(): its items stand in the body */
};

/* The lists of one sheet, in the order they begin in. */
struct list_set {
	struct list *first, *last;
	struct map by_name;
};

enum kind {
	KIND_QUESTION,
	KIND_GROUP,
	KIND_REPEAT,
	KIND_LOOP,      /* a group per choice; gone after loop_expand() */
	KIND_META,      /* <meta>: a group without body */
	KIND_ENTITY,    /* <entity> */
	KIND_ATTRIBUTE, /* of its parent <entity> */
	KIND_EXTERNAL   /* csv-external, xml-external: no node */
};

struct trigger {
	struct trigger *next;
	struct str name;
};

struct element {
	struct element *parent, *next, *first, *last;
	enum kind kind;
	const struct qtype *type; /* of a question */
	struct str type_text;     /* as written, cleaned */
	struct str name;
	uint32_t at, number;
	struct lingual *label, *hint, *guidance;
	struct attr *media, *bind, *control, *instance, *params;
	struct str value; /* default; what an attribute node holds */
	struct str fresh; /* value expression set in each new instance */
	bool dynamic;     /* `value` is an expression */
	bool flat;        /* a group that is in the body only */
	struct trigger *triggers;
	struct str choice_filter, itemset;
	struct list *list;     /* of `itemset`, when it is one of the form */
	struct entity *entity; /* whose section this is */
};

/* What a change of one question's answer sets. */
struct triggered {
	struct triggered *next;
	const struct element *e;
};

struct trigger_list {
	struct triggered *first, *last;
};

/* A secondary instance: a file, or a list of the form (no src). */
struct instance {
	struct instance *next;
	struct str id, src;
	const struct list *list;
	bool chosen; /* attached to be chosen from */
};

struct entity {
	struct entity *next;
	struct str list;
	struct str id, create_if, update_if, label; /* expressions */
	uint32_t at;
	struct element *home; /* the container it is declared in */
};

struct conv {
	struct arena arena;
	struct book book;
	struct report *rep;
	enum err failed;
	struct str name; /* of the file */
	struct attr *settings;
	struct attr *root_attributes;
	uint32_t settings_at; /* their row */
	struct str default_language;
	bool keep_blanks; /* clean_text_values=no */
	struct list_set choices, osm;
	struct map external_by_name;
	struct element *root, *meta;
	size_t n_elements;
	size_t copied;      /* bytes that loops put into copies of their rows */
	struct map by_name; /* element, or conv->twice */
	struct element twice;
	struct map triggered; /* name of a question: struct trigger_list */
	struct entity *entities;
	const char *entities_version; /* NULL: none are declared */
	struct instance *instances, *last_instance;
	struct map instance_by_id;
};

/* NULL when memory is out; then conv->failed is set. */
void *conv_alloc(struct conv *cv, size_t size) MUST_CHECK;
struct str conv_dup(struct conv *cv, struct str s);
struct str conv_printf(struct conv *cv, const char *format, ...)
	PRINTF_LIKE(2, 3);

/* Where a problem is. */
struct str at_row(struct conv *cv, const char *sheet, uint32_t row);
struct str at_cell(struct conv *cv, const char *sheet, uint32_t row,
		   const char *column);
/* The start of a text that a message quotes. */
struct str quoted(struct str s);
#define FAIL(cv, place, ...) \
	report_add((cv)->rep, PROBLEM_ERROR, (place), __VA_ARGS__)
#define WARN(cv, place, ...) \
	report_add((cv)->rep, PROBLEM_WARNING, (place), __VA_ARGS__)

/*
 * A cell as the form gets it: typographic quotes become plain ones and, when
 * asked, runs of blanks one blank.
 */
struct str clean(struct conv *cv, struct str s, bool collapse);

/* Texts in languages. */
void lingual_add(struct conv *cv, struct lingual **l, struct str lang,
		 struct str text);
struct str lingual_plain(const struct lingual *l); /* of no language */
bool lingual_localised(const struct lingual *l);
/* A plain text beside others becomes the default language's, unless that one
 * has its own. */
void lingual_settle(struct conv *cv, struct lingual **l);

/* Attributes: the value set last stays, at its first place. */
struct attr *attr_find(struct attr *list, const char *key);
struct str attr_text(struct attr *list, const char *key);
struct attr *attr_at(struct conv *cv, struct attr **list, struct str key);
void attr_set(struct conv *cv, struct attr **list, const char *key,
	      struct str value);

/* Elements. */
struct element *element_new(struct conv *cv, enum kind kind, struct str name);
void element_append(struct element *parent, struct element *child);
void element_prepend(struct element *parent, struct element *child);
/* Next element below `top` in document order; NULL at the end. */
struct element *element_next(const struct element *e,
			     const struct element *top);
bool element_section(const struct element *e); /* group, repeat */
bool element_visible(const struct element *e); /* a question with a control */
/* The nearest repeat above, or NULL. */
struct element *element_repeat(const struct element *e);
void element_path(struct buf *b, const struct element *e);
/* By its name; NULL when there is none, &conv->twice when several. */
struct element *element_by_name(const struct conv *cv, struct str name);

void list_append(struct list *list, struct choice *c);
struct list *list_by_name(const struct list_set *set, struct str name);
struct str setting(const struct conv *cv, const char *key);
/* Prefixes that every XForm of ours declares, and those of the setting. */
bool prefix_known(const struct conv *cv, struct str prefix);
/* "yes", "TRUE", "true()" ..: 1; "no" ..: 0; anything else: -1. */
int yes_no(struct str s);
/* Is `s` one of the names, which | separates? */
bool one_of(const char *names, struct str s);

/* The steps. Each goes on after a mistake it has reported. */
void settings_read(struct conv *cv);
void choices_read(struct conv *cv);
void entities_read(struct conv *cv);
void survey_read(struct conv *cv);
void names_collect(struct conv *cv); /* fills by_name */
void entities_place(struct conv *cv);
void instances_collect(struct conv *cv);
void check_all(struct conv *cv);

/* ".csv", with its dot; empty when there is none. */
struct str file_extension(struct str name);
bool file_known(struct str name); /* csv, xml, geojson */

#endif
