/* SPDX-License-Identifier: MIT */
#ifndef PILAR_XLSFORM_H
#define PILAR_XLSFORM_H

#include <stdbool.h>

#include "pilar/attr.h"
#include "pilar/buf.h"
#include "pilar/err.h"
#include "pilar/report.h"
#include "pilar/str.h"

/*
 * A spreadsheet (XLSForm) becomes an ODK XForm (ODK.md 1 to 5), as pyxform
 * makes it. Problems name sheet, row and column.
 */
enum sheet_format { SHEETS_CSV, SHEETS_MD, SHEETS_XLSX, SHEETS_XLS };

/* By the file name's ending; ERR_INVALID for an unknown one. */
enum err xlsform_format(const char *path, enum sheet_format *out) MUST_CHECK;

/* Is this CSV sheets (its first cell names one), or a list? */
bool xlsform_is_csv(struct str bytes);

/*
 * `name` is the file's name without folder and extension: default of id and
 * title. On success `xform` holds the XForm and `rep` warnings at most.
 */
enum err xlsform_convert(struct str bytes, enum sheet_format format,
			 struct str name, struct buf *xform,
			 struct report *rep) MUST_CHECK;

/*
 * Loading the XForm finds what is wrong with its expressions and names nodes.
 * The rows of a conversion say where in the sheets a node was written.
 */
struct xlsform_rows;

/* As xlsform_convert; `rows` is only made on success. */
enum err xlsform_convert_rows(struct str bytes, enum sheet_format format,
			      struct str name, struct buf *xform,
			      struct report *rep,
			      struct xlsform_rows **rows) MUST_CHECK;
/* Problems at "/data/umur, relevant" are then at "survey, baris 12, kolom
 * relevant"; other places stay. */
void xlsform_locate(const struct xlsform_rows *rows, struct report *rep);
void xlsform_rows_free(struct xlsform_rows *rows);

#endif
