/* SPDX-License-Identifier: MIT */
#include "kit.h"

/* Of one row. */
#define PROPS_MAX 1000

/* ---- out */
static enum err put_props(struct json *j, const struct carried_row *r)
{
	struct json *list = json_array_new();
	enum err rc = list ? ERR_NONE : ERR_NOMEM;

	for (size_t i = 0; !rc && i < r->n_props; i++) {
		rc = json_push(list, json_str_new(r->props[i].name));
		if (!rc)
			rc = json_push(list, json_str_new(r->props[i].value));
	}
	if (rc) {
		json_free(list);
		return rc;
	}
	return json_set(j, "properties", list);
}

static struct json *row_json(const struct carried_row *r)
{
	const struct touch *t = &r->touch;
	struct json *j = json_object_new();

	if (json_set(j, "dataset", json_str_new(t->dataset)) ||
	    json_set(j, "id", json_str_new(t->id)) ||
	    json_set(j, "verb", json_int_new(r->verb)) ||
	    json_set(j, "label", json_str_new(r->label)) ||
	    json_set(j, "branch", json_str_new(t->branch)) ||
	    json_set(j, "seen", json_str_new(t->seen_device)) ||
	    json_set(j, "seen_seq", json_int_new((int64_t)t->seen_seq)) ||
	    put_props(j, r)) {
		json_free(j);
		return NULL;
	}
	return j;
}

static enum err put_rows(struct json *j, const struct carried_list *l)
{
	struct json *rows = json_array_new();
	enum err rc = rows ? ERR_NONE : ERR_NOMEM;

	for (size_t i = 0; !rc && i < l->n; i++)
		rc = json_push(rows, row_json(&l->rows[i]));
	if (rc) {
		json_free(rows);
		return rc;
	}
	return json_set(j, "rows", rows);
}

enum err list_to_json(const struct carried_list *l, struct buf *out)
{
	struct json *j = json_object_new();
	enum err rc = json_set(j, "device", json_str_new(l->device));

	if (!rc)
		rc = json_set(j, "seq", json_int_new((int64_t)l->seq));
	if (!rc)
		rc = json_set(j, "at", json_int_new(l->at));
	if (!rc)
		rc = json_set(j, "zone", json_int_new(l->offset_min));
	if (!rc)
		rc = json_set(j, "worker", json_str_new(l->worker));
	if (!rc)
		rc = json_set(j, "instanceID", json_str_new(l->instance_id));
	if (!rc)
		rc = json_set(j, "source", json_str_new(l->source));
	if (!rc)
		rc = put_rows(j, l);
	if (!rc)
		rc = json_write(out, j);
	json_free(j);
	return rc;
}

/* ---- in */
static enum err read_row(const struct json *j, struct arena *a,
			 struct carried_row *r)
{
	const struct json *list = json_get(j, "properties");
	size_t n = json_len(list) / 2;
	struct entity_prop *props;
	int64_t seen = json_int(json_get(j, "seen_seq"));

	if (n > PROPS_MAX || json_len(list) % 2 || seen < 0)
		return ERR_INVALID;
	props = arena_array(a, n + 1, sizeof(*props));
	if (!props)
		return ERR_NOMEM;
	for (size_t i = 0; i < n; i++) {
		props[i].name = json_str(json_at(list, 2 * i));
		props[i].value = json_str(json_at(list, 2 * i + 1));
	}
	*r = (struct carried_row){
		.touch = { .dataset = json_get_str(j, "dataset"),
			   .id = json_get_str(j, "id"),
			   .seen_device = json_get_str(j, "seen"),
			   .seen_seq = (uint64_t)seen,
			   .branch = json_get_str(j, "branch") },
		.label = json_get_str(j, "label"),
		.verb = (int)json_int(json_get(j, "verb")),
		.props = props,
		.n_props = n,
	};
	return ERR_NONE;
}

enum err list_from_json(const struct json *j, struct arena *a,
			struct carried_list *out)
{
	const struct json *list = json_get(j, "rows");
	struct carried_row *rows;
	enum err rc = ERR_NONE;

	*out = (struct carried_list){
		.device = json_get_str(j, "device"),
		.worker = json_get_str(j, "worker"),
		.instance_id = json_get_str(j, "instanceID"),
		.source = json_get_str(j, "source"),
		.seq = (uint64_t)json_int(json_get(j, "seq")),
		.at = json_int(json_get(j, "at")),
		.offset_min = (int)json_int(json_get(j, "zone")),
		.n = json_len(list),
	};
	if (out->n > CARRIED_ROWS_MAX)
		return ERR_TOOBIG;
	rows = arena_array(a, out->n + 1, sizeof(*rows));
	if (!rows)
		return ERR_NOMEM;
	for (size_t i = 0; i < out->n && !rc; i++)
		rc = read_row(json_at(list, i), a, &rows[i]);
	out->rows = rows;
	return rc;
}
