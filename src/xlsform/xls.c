/* SPDX-License-Identifier: MIT */
/* Workbooks as Excel wrote them from 1997 to 2003. */
#include "xls.h"

#include "pilar/i18n.h"

#include "ole.h"

/* A workbook of one sheet has the survey in it, whatever its name. */
static struct str sheet_name(const struct xls_globals *g, size_t i)
{
	return g->n_sheets == 1 && !sheet_known(g->sheets[i].name)
		       ? STR("survey")
		       : g->sheets[i].name;
}

static enum err sheets_read(const struct xls_globals *g, struct book *b)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < g->n_sheets && !rc; i++) {
		struct str name = sheet_name(g, i);
		struct sheet *s = NULL;

		if (!sheet_known(name))
			continue;
		rc = book_add(b, name, &s);
		if (!rc)
			rc = xls_rows_read(g, g->sheets[i].at, b, s);
		else if (rc == ERR_EXISTS)
			rc = ERR_NONE;
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

enum err book_read_xls(struct book *b, struct str bytes, struct report *rep)
{
	struct xls_globals g = { 0 };
	struct str stream = { 0 };
	enum err rc = ole_stream(b->arena, bytes, "Workbook", &stream);

	if (!rc)
		rc = xls_globals_read(&g, b->arena, stream);
	if (!rc)
		rc = sheets_read(&g, b);
	if (rc)
		report_add(rep, PROBLEM_ERROR, (struct str){ 0 }, "%s",
			   _(fault(rc)));
	return rc;
}
