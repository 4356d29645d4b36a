/* SPDX-License-Identifier: MIT */
#include "pilar/arrive.h"

#include "manifest.h"

/* Entities one event touches (cases: 5,000 operations). */
#define TOUCH_MAX 5000
/* No time and no number is larger. */
#define NUMBER_MAX  ((int64_t)1 << 50)
#define DAY_MINUTES ((int64_t)24 * 60)

/* root, forms, events; a list an event and one an entity */
#define OBJECTS_MAX 10
#define LISTS_MAX   200000

bool nests_little(struct str text, size_t objects, size_t lists)
{
	for (size_t i = 0; i < text.n; i++) {
		size_t *left = text.p[i] == '{' ? &objects : &lists;

		if (text.p[i] != '{' && text.p[i] != '[')
			continue;
		if (!*left)
			return false;
		--*left;
	}
	return true;
}

/* ---- columns */

/* Goes through a list of runs, one value at a time. */
struct walk {
	const struct json *list;
	size_t at;
	int64_t value, left;
	bool rising;
};

static bool walk_next(struct walk *w, int64_t *out)
{
	if (!w->left) {
		w->value = json_int(json_at(w->list, w->at));
		w->left = json_int(json_at(w->list, w->at + 1));
		w->at += 2;
		if (w->left <= 0 || w->at > json_len(w->list) ||
		    w->value > NUMBER_MAX || w->left > NUMBER_MAX)
			return false;
	}
	*out = w->value;
	w->value += w->rising;
	w->left--;
	return true;
}

static bool walk_done(const struct walk *w)
{
	return !w->left && w->at == json_len(w->list);
}

/* A text of a list by its place; false where there is none. */
static bool text_at(const struct json *list, int64_t at, struct str *out)
{
	struct json *j;

	if (at < 0 || (uint64_t)at >= json_len(list))
		return false;
	j = json_at(list, (size_t)at);
	*out = json_str(j);
	return json_is_str(j);
}

/* ---- what had been seen */
static enum err read_touch(const struct sheet *s, const struct json *j,
			   struct touch *t)
{
	const struct json *devices = json_get(s->j, "devices");
	struct json *branch = json_at(j, 2);

	*t = (struct touch){ .seen_seq = 0 };
	if (!json_is_array(j)) /* 0 */
		return json_int(j) == 0 ? ERR_NONE : ERR_INVALID;
	if (json_len(j) < 2 || json_len(j) > 3 || json_int(json_at(j, 1)) < 0)
		return ERR_INVALID;
	t->seen_seq = (uint64_t)json_int(json_at(j, 1));
	if (t->seen_seq &&
	    !text_at(devices, json_int(json_at(j, 0)), &t->seen_device))
		return ERR_INVALID;
	if (json_is_str(branch))
		t->branch = json_str(branch);
	t->usual_branch = !json_is_str(branch) && json_int(branch) == 1;
	return ERR_NONE;
}

static enum err read_seen(const struct sheet *s, size_t i, struct arena *a,
			  struct event *e)
{
	struct json *list =
		json_at(json_get(json_get(s->j, "events"), "seen"), i);
	size_t n = json_len(list);
	struct touch *all;
	enum err rc = ERR_NONE;

	if (!json_is_array(list) || n > TOUCH_MAX)
		return ERR_INVALID;
	all = arena_array(a, n + 1, sizeof(*all));
	if (!all)
		return ERR_NOMEM;
	for (size_t k = 0; k < n && !rc; k++)
		rc = read_touch(s, json_at(list, k), &all[k]);
	e->touched = all;
	e->n_touched = n;
	return rc;
}

/* ---- events */
struct columns {
	struct walk seq, worker, zone;
	const struct json *workers, *at, *doubtful;
	size_t n_doubtful; /* used up */
	int64_t last;      /* time of the event before */
};

static struct columns columns_of(const struct sheet *s)
{
	const struct json *j = json_get(s->j, "events");

	return (struct columns){
		.seq = { .list = json_get(j, "seq"), .rising = true },
		.worker = { .list = json_get(j, "worker") },
		.zone = { .list = json_get(j, "zone") },
		.workers = json_get(s->j, "workers"),
		.at = json_get(j, "at"),
		.doubtful = json_get(j, "doubtful"),
		.last = s->made,
	};
}

static bool read_doubt(struct columns *c, size_t i)
{
	if (c->n_doubtful == json_len(c->doubtful) ||
	    json_int(json_at(c->doubtful, c->n_doubtful)) != (int64_t)i)
		return false;
	c->n_doubtful++;
	return true;
}

static bool read_event(struct columns *c, size_t i, struct event *e)
{
	int64_t number, place, offset;

	if (!walk_next(&c->seq, &number) || !walk_next(&c->worker, &place) ||
	    !walk_next(&c->zone, &offset) || number < 1 ||
	    offset < -DAY_MINUTES || offset > DAY_MINUTES ||
	    !text_at(c->workers, place, &e->worker))
		return false;
	c->last += json_int(json_at(c->at, i)) % NUMBER_MAX;
	e->seq = (uint64_t)number;
	e->at = c->last;
	e->offset_min = (int)offset;
	e->doubtful = read_doubt(c, i);
	return c->last >= -NUMBER_MAX && c->last <= NUMBER_MAX;
}

static enum err read_events(struct sheet *s, struct arena *a)
{
	struct columns c = columns_of(s);
	const struct json *seen = json_get(json_get(s->j, "events"), "seen");
	enum err rc = ERR_NONE;

	if (json_len(c.at) != s->entries || json_len(seen) != s->entries)
		return ERR_INVALID;
	for (size_t i = 0; i < s->entries && !rc; i++) {
		struct event *e = &s->events[i];

		e->device = s->device;
		rc = read_event(&c, i, e) ? read_seen(s, i, a, e) : ERR_INVALID;
	}
	if (rc)
		return rc;
	return walk_done(&c.seq) && walk_done(&c.worker) && walk_done(&c.zone)
		       ? ERR_NONE
		       : ERR_INVALID;
}

/* ---- the head */
static bool number(const struct json *j, const char *name, uint64_t most,
		   uint64_t *out)
{
	int64_t n = json_int(json_get(j, name));

	*out = (uint64_t)n;
	return n >= 0 && (uint64_t)n <= most;
}

static enum err read_head(struct sheet *s)
{
	struct str format = json_get_str(s->j, "format");

	if (!str_is(format, MANIFEST_FORMAT))
		return str_starts(format, STR("pilar-sync-")) ? ERR_VERSION
							      : ERR_SYNTAX;
	s->device = json_get_str(s->j, "device");
	s->key = json_get_str(s->j, "key");
	s->hub = json_get_str(s->j, "hub");
	s->previous = json_get_str(s->j, "previous");
	s->content = json_get_str(s->j, "content");
	s->made = json_int(json_get(s->j, "made")) % NUMBER_MAX;
	if (!str_is_hex(s->device, 16) || !str_is_hex(s->content, 64) ||
	    !number(s->j, "sequence", 999999, &s->seq) || !s->seq ||
	    !number(s->j, "entries", SYNC_EVENTS, &s->entries) ||
	    !number(s->j, "bytes", SYNC_BYTES, &s->bytes))
		return ERR_INVALID;
	return ERR_NONE;
}

enum err sheet_read(struct sheet *s, struct str text, struct arena *a)
{
	enum err rc;

	*s = (struct sheet){ .j = NULL };
	if (!nests_little(text, OBJECTS_MAX, LISTS_MAX))
		return ERR_TOOBIG;
	rc = json_parse(&s->j, text, NULL);
	if (!rc)
		rc = read_head(s);
	if (!rc) {
		s->events = arena_array(a, s->entries + 1, sizeof(*s->events));
		rc = s->events ? read_events(s, a) : ERR_NOMEM;
	}
	if (rc)
		sheet_release(s);
	return rc;
}

size_t sheet_recipients(const struct sheet *s)
{
	return json_len(json_get(s->j, "recipients"));
}

bool recipients_have(const struct json *list, const struct age_recipient *r)
{
	struct buf b = BUF_INIT(128);
	bool found = !json_len(list);

	age_recipient_text(&b, r);
	for (size_t i = 0; i < json_len(list) && !found; i++) {
		struct str one = json_str(json_at(list, i));

		found = one.n == RECIPIENT_SHOWN &&
			str_starts(buf_str(&b), one);
	}
	buf_release(&b);
	return found;
}

bool sheet_for(const struct sheet *s, const struct age_recipient *me)
{
	return recipients_have(json_get(s->j, "recipients"), me);
}

void sheet_release(struct sheet *s)
{
	json_free(s->j);
	*s = (struct sheet){ .j = NULL };
}
