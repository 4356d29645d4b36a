/* SPDX-License-Identifier: MIT */
#include "xlsx_text.h"

#include "pilar/csv.h"

static bool holds_text(struct str name)
{
	return str_is(name, "t") || str_is(name, "v");
}

void xlsx_text_open(struct xlsx_text *t, struct str name)
{
	t->got.max = CSV_MAX_CELL + 1;
	if (t->spoken || str_is(name, "rPh"))
		t->spoken++;
	else if (holds_text(name))
		t->on = true;
}

void xlsx_text_add(struct xlsx_text *t, struct str piece)
{
	size_t room = CSV_MAX_CELL + 1 - t->got.n;

	if (t->on)
		buf_addstr(&t->got, str_sub(piece, 0, room));
}

void xlsx_text_close(struct xlsx_text *t, struct str name)
{
	if (t->spoken)
		t->spoken--;
	else if (holds_text(name))
		t->on = false;
}
