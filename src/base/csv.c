/* SPDX-License-Identifier: MIT */
#include "pilar/csv.h"

#include <string.h>

#include "pilar/i18n.h"

void csv_init(struct csv *c, struct str text)
{
	*c = (struct csv){
		.text = text, .separator = ',', .newline = '\n', .next_line = 1
	};
	if (str_starts(text, STR("\xef\xbb\xbf")))
		c->at = 3;
}

void csv_detect(struct csv *c)
{
	static const char separators[] = ",;\t|";
	size_t seen[sizeof(separators) - 1] = { 0 }, best = 0;
	bool quoted = false;

	if (c->text.n && !memchr(c->text.p, '\n', c->text.n))
		c->newline = '\r';
	for (size_t i = c->at; i < c->text.n; i++) {
		const char *s =
			memchr(separators, c->text.p[i], ARRAY_LEN(seen));

		quoted ^= c->text.p[i] == '"';
		if (!quoted && c->text.p[i] == c->newline)
			break;
		if (!quoted && s)
			seen[s - separators]++;
	}
	for (size_t i = 1; i < ARRAY_LEN(seen); i++)
		best = seen[i] > seen[best] ? i : best;
	c->separator = separators[best];
}

void csv_release(struct csv *c)
{
	vec_release(&c->cells);
	arena_release(&c->unquoted);
}

static enum err fail(struct csv *c, enum err rc, const char *problem)
{
	c->problem = problem;
	return rc;
}

static enum err push(struct csv *c, struct str cell)
{
	struct str *slot;

	if (c->cells.n == CSV_MAX_COLUMNS)
		return fail(c, ERR_TOOBIG,
			    N_("terlalu banyak kolom (paling banyak 256)"));
	if (cell.n > CSV_MAX_CELL)
		return fail(
			c, ERR_TOOBIG,
			N_("isi sel terlalu panjang (paling banyak 64 KB)"));
	slot = vec_push(&c->cells);
	if (!slot)
		return ERR_NOMEM;
	*slot = cell;
	return ERR_NONE;
}

/* Two quotes stand for one. */
static struct str without_doubles(struct csv *c, struct str raw)
{
	char *out = arena_alloc(&c->unquoted, raw.n);
	size_t n = 0;

	for (size_t i = 0; out && i < raw.n; i++) {
		out[n++] = raw.p[i];
		i += raw.p[i] == '"';
	}
	return str_of(out, n);
}

/* From behind the opening quote to behind the closing one. */
static enum err quoted(struct csv *c, size_t *newlines, struct str *cell)
{
	size_t from = c->at, doubled = 0;

	for (;; c->at++) {
		if (c->at >= c->text.n)
			return fail(c, ERR_SYNTAX,
				    N_("tanda kutip tidak ditutup"));
		if (c->text.p[c->at] == c->newline)
			++*newlines;
		if (c->text.p[c->at] != '"')
			continue;
		if (c->at + 1 >= c->text.n || c->text.p[c->at + 1] != '"')
			break;
		doubled++;
		c->at++;
	}
	*cell = str_sub(c->text, from, c->at++);
	if (doubled)
		*cell = without_doubles(c, *cell);
	return cell->p ? ERR_NONE : ERR_NOMEM;
}

static bool ends_row(const struct csv *c, size_t at)
{
	return at == c->text.n || c->text.p[at] == c->newline;
}

static struct str plain(struct csv *c)
{
	size_t from = c->at;

	while (!ends_row(c, c->at) && c->text.p[c->at] != c->separator)
		c->at++;
	if (c->at > from && c->text.p[c->at - 1] == '\r' && ends_row(c, c->at))
		return str_sub(c->text, from, c->at - 1);
	return str_sub(c->text, from, c->at);
}

static enum err cell(struct csv *c, size_t *newlines)
{
	struct str value;
	enum err rc;

	if (c->at < c->text.n && c->text.p[c->at] == '"') {
		c->at++;
		rc = quoted(c, newlines, &value);
		if (rc)
			return rc;
		if (plain(c).n)
			return fail(
				c, ERR_SYNTAX,
				N_("ada huruf sesudah tanda kutip penutup"));
	} else {
		value = plain(c);
	}
	return push(c, value);
}

enum err csv_row(struct csv *c)
{
	size_t newlines = 0;
	enum err rc = ERR_NONE;

	c->line = c->next_line;
	if (c->text.n > CSV_MAX_BYTES)
		return fail(c, ERR_TOOBIG,
			    N_("berkas terlalu besar (paling banyak 64 MB)"));
	if (c->at >= c->text.n)
		return ERR_NOTFOUND;
	if (c->row == CSV_MAX_ROWS)
		return fail(c, ERR_TOOBIG,
			    N_("terlalu banyak baris (paling banyak 1 juta)"));
	vec_reset(&c->cells);
	arena_reset(&c->unquoted);
	while (!rc) {
		rc = cell(c, &newlines);
		if (rc || c->at >= c->text.n)
			break;
		if (c->text.p[c->at++] == c->newline) {
			newlines++;
			break;
		}
	}
	c->row++;
	c->next_line += newlines;
	return rc;
}

struct str csv_cell(const struct csv *c, size_t i)
{
	return i < c->cells.n ? str_trim(c->cells.at[i]) : STR("");
}

size_t csv_column(const struct csv *c, const char *header)
{
	for (size_t i = 0; i < c->cells.n; i++)
		if (str_is(csv_cell(c, i), header))
			return i;
	return SIZE_MAX;
}

static bool needs_quotes(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == '"' || text.p[i] == ',' || text.p[i] == '\r' ||
		    text.p[i] == '\n')
			return true;
	return false;
}

void csv_put(struct buf *out, struct str text)
{
	if (!needs_quotes(text)) {
		buf_addstr(out, text);
		return;
	}
	buf_addc(out, '"');
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"')
			buf_addc(out, '"');
		buf_addc(out, text.p[i]);
	}
	buf_addc(out, '"');
}
