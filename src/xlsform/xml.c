/* SPDX-License-Identifier: MIT */
#include "xml.h"

#include "pilar/tree.h"

static void line(struct xml *x)
{
	buf_addc(x->b, '\n');
	for (int i = 0; i < x->depth; i++)
		buf_adds(x->b, "  ");
}

static void end_tag(struct xml *x)
{
	if (x->open)
		buf_addc(x->b, '>');
	x->open = false;
}

void xml_open_str(struct xml *x, struct str tag)
{
	end_tag(x);
	line(x);
	buf_addc(x->b, '<');
	buf_addstr(x->b, tag);
	x->open = true;
	x->mixed = false;
	x->depth++;
}

void xml_open(struct xml *x, const char *tag)
{
	xml_open_str(x, str_from(tag));
}

void xml_attr_str(struct xml *x, struct str name, struct str value)
{
	buf_addc(x->b, ' ');
	buf_addstr(x->b, name);
	buf_adds(x->b, "=\"");
	xml_escape_attr(x->b, value);
	buf_addc(x->b, '"');
}

void xml_attr(struct xml *x, const char *name, struct str value)
{
	xml_attr_str(x, str_from(name), value);
}

struct buf *xml_raw(struct xml *x)
{
	end_tag(x);
	x->mixed = true;
	return x->b;
}

void xml_text(struct xml *x, struct str text)
{
	if (text.n)
		xml_escape(xml_raw(x), text);
}

void xml_close_str(struct xml *x, struct str tag)
{
	x->depth--;
	if (x->open) {
		buf_adds(x->b, "/>");
		x->open = false;
		x->mixed = false;
		return;
	}
	if (!x->mixed)
		line(x);
	x->mixed = false;
	buf_adds(x->b, "</");
	buf_addstr(x->b, tag);
	buf_addc(x->b, '>');
}

void xml_close(struct xml *x, const char *tag)
{
	xml_close_str(x, str_from(tag));
}
