/* SPDX-License-Identifier: MIT */
#include "type.h"

#include "pilar/attr.h"

#include "conv.h"

static const struct qtype types[] = {
	{ "text|string|q string|add text prompt", "input", "string",
	  .rule = RULE_TEXT },
	{ "integer|int|q int|add integer prompt", "input", "int",
	  .rule = RULE_NONE },
	{ "decimal|q decimal|add decimal prompt", "input", "decimal",
	  .rule = RULE_NONE },
	{ "note|q note|add note prompt", "input", "string", .rule = RULE_NOTE,
	  .readonly = "true()" },
	{ "date|q date|add date prompt", "input", "date", .dashes = true },
	{ "time|q time|add time prompt", "input", "time", .rule = RULE_NONE },
	{ "dateTime|datetime|date time|q date time|q dateTime|"
	  "add date time prompt|add dateTime prompt",
	  "input", "dateTime", .dashes = true },
	{ "geopoint|gps|location|q location|q geopoint|add location prompt",
	  "input", "geopoint", .rule = RULE_GEOPOINT, .dashes = true },
	{ "geotrace", "input", "geotrace", .rule = RULE_GEOLINE,
	  .dashes = true },
	{ "geoshape", "input", "geoshape", .rule = RULE_GEOLINE,
	  .dashes = true },
	{ "barcode|q barcode|add barcode prompt", "input", "barcode",
	  .rule = RULE_NONE },
	{ "percentage", "input", "int", .constraint = "0 <= . and . <= 100" },
	{ "phone number", "input", "string", .constraint = "regex(., '^\\d*$')",
	  .hint = "Enter numbers only." },
	{ "number of days in last month", "input", "int",
	  .constraint = "0 <= . and . <= 31", .hint = "Enter a number 0-31." },
	{ "number of days in last six months", "input", "int",
	  .constraint = "0 <= . and . <= 183",
	  .hint = "Enter a number 0-183." },
	{ "number of days in last year", "input", "int",
	  .constraint = "0 <= . and . <= 365",
	  .hint = "Enter a number 0-365." },
	{ "photo|image|q picture|q image|add image prompt|add photo prompt",
	  "upload", "binary", .rule = RULE_PHOTO, .media = "image/*" },
	{ "audio|q audio|add audio prompt", "upload", "binary",
	  .rule = RULE_AUDIO, .media = "audio/*" },
	{ "video|q video|add video prompt", "upload", "binary",
	  .media = "video/*" },
	{ "file|add file prompt", "upload", "binary",
	  .media = "application/*" },
	{ "osm", "upload", "binary", .rule = RULE_OSM, .media = "osm/*" },
	{ "acknowledge|trigger|q acknowledge|add acknowledge prompt", "trigger",
	  "string", .rule = RULE_NONE },
	{ "range", "range", "int", .rule = RULE_RANGE },
	{ "calculate|q calculate|add calculate prompt", NULL, "string",
	  .rule = RULE_CALCULATE },
	{ "hidden", NULL, "string", .rule = RULE_NONE },
	{ "audit", NULL, "binary", .rule = RULE_AUDIT },
	{ "background-audio", NULL, "binary", .rule = RULE_BACKGROUND_AUDIO },
	{ "start-geopoint", NULL, "geopoint", .rule = RULE_START_GEOPOINT },
	{ "background-geopoint", NULL, "geopoint",
	  .rule = RULE_BACKGROUND_GEOPOINT },
	{ "csv-external|xml-external", NULL, NULL, .rule = RULE_EXTERNAL },
	{ "include", NULL, NULL, .rule = RULE_INCLUDE },

	{ "start|start time|get start time", NULL, "dateTime",
	  .preload = "timestamp", .preload_params = "start" },
	{ "end|end time|get end time", NULL, "dateTime", .preload = "timestamp",
	  .preload_params = "end" },
	{ "today|get today", NULL, "date", .preload = "date",
	  .preload_params = "today" },
	{ "deviceid|device id|imei|get device id", NULL, "string",
	  .preload = "property", .preload_params = "deviceid" },
	{ "username", NULL, "string", .preload = "property",
	  .preload_params = "username" },
	{ "phonenumber|get phone number", NULL, "string", .preload = "property",
	  .preload_params = "phonenumber" },
	{ "email", NULL, "string", .preload = "property",
	  .preload_params = "email" },
	{ "simserial|sim id|get sim id", NULL, "string", .preload = "property",
	  .preload_params = "simserial" },
	{ "subscriberid|subscriber id|get subscriber id", NULL, "string",
	  .preload = "property", .preload_params = "subscriberid" },
	{ "uri:deviceid", NULL, "string", .preload = "property",
	  .preload_params = "uri:deviceid" },
	{ "uri:username", NULL, "string", .preload = "property",
	  .preload_params = "uri:username" },
	{ "uri:phonenumber", NULL, "string", .preload = "property",
	  .preload_params = "uri:phonenumber" },
	{ "uri:email", NULL, "string", .preload = "property",
	  .preload_params = "uri:email" },
	{ "uri:simserial", NULL, "string", .preload = "property",
	  .preload_params = "uri:simserial" },
	{ "uri:subscriberid", NULL, "string", .preload = "property",
	  .preload_params = "uri:subscriberid" },
};

/* Types whose text goes on with the name of a list. Longer spellings that
 * begin with a shorter one stand first. */
static const struct select_type {
	const char *command;
	bool from_file;
	struct qtype type;
} selects[] = {
#define ONE                                                  \
	{                                                    \
		"", "select1", "string", .rule = RULE_SELECT \
	}
#define MANY                                                \
	{                                                   \
		"", "select", "string", .rule = RULE_SELECT \
	}
	{ "select_one_external",
	  false,
	  { "", "input", "string", .rule = RULE_SELECT_EXTERNAL } },
	{ "select_one_from_file", true, ONE },
	{ "select one from file", true, ONE },
	{ "select_multiple_from_file", true, MANY },
	{ "select multiple from file", true, MANY },
	{ "select one from", false, ONE },
	{ "select_one", false, ONE },
	{ "select one", false, ONE },
	{ "select1", false, ONE },
	{ "add select one prompt using", false, ONE },
	{ "select all that apply from", false, MANY },
	{ "select all that apply", false, MANY },
	{ "select_multiple", false, MANY },
	{ "add select multiple prompt using", false, MANY },
	{ "rank", false, { "", "odk:rank", "odk:rank", .rule = RULE_SELECT } },
#undef ONE
#undef MANY
};

const struct qtype *type_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (one_of(types[i].names, name))
			return &types[i];
	return NULL;
}

/* Cuts `word` and the blank behind it off the front. */
static bool skip_word(struct str *s, const char *word)
{
	struct str w = str_from(word);

	if (!str_starts(*s, w) || s->n == w.n || s->p[w.n] != ' ')
		return false;
	*s = str_sub(*s, w.n + 1, s->n);
	return true;
}

static bool select_rest(struct str rest, struct select *out)
{
	size_t space = str_find(rest, STR(" "), 0);

	out->list = str_sub(rest, 0, space);
	if (space == SIZE_MAX)
		return rest.n > 0;
	out->other = one_of("or specify other|or_other|or other",
			    str_sub(rest, space + 1, rest.n));
	return out->other && space > 0;
}

bool select_parse(struct str text, struct select *out)
{
	for (size_t i = 0; i < ARRAY_LEN(selects); i++) {
		struct str rest = text;

		*out = (struct select){ .type = &selects[i].type,
					.command = str_from(selects[i].command),
					.from_file = selects[i].from_file };
		if (skip_word(&rest, selects[i].command) &&
		    select_rest(rest, out))
			return true;
	}
	return false;
}

static const struct {
	const char *names;
	enum section section;
} sections[] = {
	{ "group", SECTION_GROUP },
	{ "repeat|lgroup|looped group", SECTION_REPEAT },
	{ "loop", SECTION_LOOP },
};

static bool section_find(struct str name, enum section *section)
{
	for (size_t i = 0; i < ARRAY_LEN(sections); i++) {
		if (!one_of(sections[i].names, name))
			continue;
		*section = sections[i].section;
		return true;
	}
	return false;
}

/* What follows "begin " or "begin_". */
static bool after(struct str text, const char *word, struct str *rest)
{
	struct str w = str_from(word);

	if (!str_starts(text, w) || text.n == w.n ||
	    (text.p[w.n] != ' ' && text.p[w.n] != '_'))
		return false;
	*rest = str_sub(text, w.n + 1, text.n);
	return true;
}

bool begin_parse(struct str text, enum section *section, struct str *list)
{
	struct str rest, last = { 0 }, word, words;
	size_t cut;

	*list = (struct str){ 0 };
	if (!after(text, "begin", &rest))
		return false;
	if (section_find(rest, section))
		return true;
	for (words = rest; str_word(&words, &word);)
		last = word;
	if (!last.n || last.n >= rest.n)
		return false;
	*list = last;
	cut = rest.n - last.n;
	rest = str_trim(str_sub(rest, 0, cut));
	if (str_ends(rest, STR(" over")))
		rest = str_trim(str_sub(rest, 0, rest.n - 5));
	return section_find(rest, section);
}

bool end_parse(struct str text, enum section *section)
{
	struct str rest;

	return after(text, "end", &rest) && section_find(rest, section);
}
