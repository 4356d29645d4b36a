/* SPDX-License-Identifier: MIT */
/* Workbooks as Excel wrote them from 1997 to 2003. */
#include "xls.h"

#include "pilar/i18n.h"

#include "ole.h"

static enum err sheets_read(const struct xls_globals *g,
			    const struct workbook_to *to)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < g->n_sheets && !rc; i++) {
		const struct workbook_sheet s = { .name = g->sheets[i].name,
						  .only = g->n_sheets == 1,
						  .hidden =
							  g->sheets[i].hidden };
		void *handle = NULL;

		rc = to->sheet(to->arg, &s, &handle);
		if (!rc && handle)
			rc = xls_rows_read(g, g->sheets[i].at, to, handle);
	}
	return rc;
}

static const char *fault(enum err rc)
{
	if (rc == ERR_TOOBIG)
		return N_("berkas .xls terlalu besar; simpan sebagai .xlsx "
			  "atau .csv");
	if (rc == ERR_VERSION)
		return N_("berkas .xls dari sebelum Excel 97; simpan sebagai "
			  ".xlsx atau .csv");
	return N_("bukan berkas .xls yang utuh");
}

enum err xls_read(struct str bytes, const struct workbook_to *to,
		  struct report *rep)
{
	struct xls_globals g = { 0 };
	struct str stream = { 0 };
	struct arena a = { 0 };
	size_t errors = rep->errors;
	enum err rc = ole_stream(&a, bytes, "Workbook", &stream);

	if (!rc)
		rc = xls_globals_read(&g, &a, stream);
	if (!rc)
		rc = sheets_read(&g, to);
	if (rc && rep->errors == errors)
		report_add(rep, PROBLEM_ERROR, (struct str){ 0 }, "%s",
			   _(fault(rc)));
	arena_release(&a);
	return rc;
}
