/* SPDX-License-Identifier: MIT */
#include "pilar/i18n.h"
#include "pilar/utf8.h"

#include "xls.h"
#include "xlsx.h"

/* Columns of a name that a message shows. */
#define PLACE_COLUMNS 60

struct str workbook_place(struct arena *a, struct str sheet, uint32_t row,
			  struct str column)
{
	sheet.n = utf8_fit(sheet, PLACE_COLUMNS);
	column.n = utf8_fit(column, PLACE_COLUMNS);
	if (!row)
		return arena_dup(a, sheet);
	if (!column.n)
		return arena_printf(a, _("%.*s, baris %u"), STR_ARG(sheet),
				    (unsigned)row);
	return arena_printf(a, _("%.*s, baris %u, kolom %.*s"), STR_ARG(sheet),
			    (unsigned)row, STR_ARG(column));
}

enum err workbook_read(struct str bytes, enum workbook_kind kind,
		       const struct workbook_to *to, struct report *rep)
{
	if (bytes.n <= WORKBOOK_MAX_BYTES)
		return kind == WORKBOOK_XLS ? xls_read(bytes, to, rep)
					    : xlsx_read(bytes, to, rep);
	report_add(rep, PROBLEM_ERROR, (struct str){ 0 },
		   _("berkas lebih besar daripada %u MB"),
		   (unsigned)(WORKBOOK_MAX_BYTES >> 20));
	return ERR_TOOBIG;
}
