/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "pilar/i18n.h"

#include "eval.h"
#include "fn.h"
#include "number.h"

/*
 * Points are "latitude longitude [altitude accuracy]", joined by ';' in a
 * trace or shape. Areas and lengths are on a sphere, in metres rounded to the
 * centimetre, as in ODK Web Forms.
 */
#define EARTH_RADIUS 6378100.0
/* Pairs of segments that count as one step of the evaluation. */
#define WORK_OF_STEP 4

struct point {
	double lat, lon;
};

struct shape_points {
	VEC(struct point) at;
	bool bad; /* a point that cannot be read */
	enum err rc;
};

static double radians(double degrees)
{
	return degrees * acos(-1) / 180;
}

static void add_point(struct shape_points *s, struct str text)
{
	struct str lat, lon;
	struct point *p;

	if (!str_word(&text, &lat))
		return;
	if (!str_word(&text, &lon)) {
		s->bad = true;
		return;
	}
	p = vec_push(&s->at);
	if (!p) {
		s->rc = ERR_NOMEM;
		return;
	}
	p->lat = number_parse(lat);
	p->lon = number_parse(lon);
	s->bad = s->bad || isnan(p->lat) || isnan(p->lon);
}

/* All points of all values of the arguments. */
static enum err points_of(struct eval *e, const struct val *args, size_t n,
			  struct shape_points *s)
{
	for (size_t a = 0; a < n; a++)
		for (size_t i = 0; i < val_count(&args[a]); i++) {
			struct str rest = val_str_at(e, &args[a], i), one;

			while (str_split(&rest, ';', &one))
				add_point(s, one);
		}
	return s->rc;
}

static double between(struct point a, struct point b)
{
	double dlat = sin(radians(b.lat - a.lat) / 2);
	double dlon = sin(radians(b.lon - a.lon) / 2);
	double h = dlat * dlat +
		   cos(radians(a.lat)) * cos(radians(b.lat)) * dlon * dlon;

	return 2 * EARTH_RADIUS * asin(sqrt(h));
}

static double centimetres(double metres)
{
	return round(metres * 100) / 100;
}

static double length_of(const struct shape_points *s)
{
	double sum = 0;

	for (size_t i = 1; i < s->at.n; i++)
		sum += between(s->at.at[i - 1], s->at.at[i]);
	return s->bad ? (double)NAN : centimetres(sum);
}

static double area_of(const struct shape_points *s)
{
	double sum = 0;

	if (s->bad)
		return (double)NAN;
	for (size_t i = 0; i < s->at.n; i++) {
		struct point a = s->at.at[i];
		struct point b = s->at.at[(i + 1) % s->at.n];

		sum += radians(b.lon - a.lon) *
		       (2 + sin(radians(a.lat)) + sin(radians(b.lat)));
	}
	return centimetres(fabs(sum * EARTH_RADIUS * EARTH_RADIUS / 2));
}

/* How many sides a ray from the point crosses: an odd number is inside. */
static bool inside(struct point p, const struct shape_points *s)
{
	bool in = false;

	for (size_t i = 0; i < s->at.n; i++) {
		struct point a = s->at.at[i];
		struct point b = s->at.at[i ? i - 1 : s->at.n - 1];

		if ((a.lon > p.lon) != (b.lon > p.lon) &&
		    p.lat < (b.lat - a.lat) * (p.lon - a.lon) /
					    (b.lon - a.lon) +
				    a.lat)
			in = !in;
	}
	return in;
}

/* On which side of a-b is c: 1, -1, or 0 on it. */
static int side(struct point a, struct point b, struct point c)
{
	double v = (b.lat - a.lat) * (c.lon - a.lon) -
		   (b.lon - a.lon) * (c.lat - a.lat);

	return (v > 0) - (v < 0);
}

/* Is c, which is on the line of a-b, between them? */
static bool on(struct point a, struct point b, struct point c)
{
	return c.lat >= fmin(a.lat, b.lat) && c.lat <= fmax(a.lat, b.lat) &&
	       c.lon >= fmin(a.lon, b.lon) && c.lon <= fmax(a.lon, b.lon);
}

static bool cross(const struct point *s, const struct point *t)
{
	int s0 = side(s[0], s[1], t[0]), s1 = side(s[0], s[1], t[1]);
	int t0 = side(t[0], t[1], s[0]), t1 = side(t[0], t[1], s[1]);

	if (s0 != s1 && t0 != t1)
		return true;
	return (!s0 && on(s[0], s[1], t[0])) || (!s1 && on(s[0], s[1], t[1])) ||
	       (!t0 && on(t[0], t[1], s[0])) || (!t1 && on(t[0], t[1], s[1]));
}

static bool same(struct point a, struct point b)
{
	return a.lat == b.lat && a.lon == b.lon;
}

/* Neighbours share a point, and so do first and last of a closed shape. */
static bool intersects(const struct shape_points *s)
{
	const struct point *p = s->at.at;
	size_t n = s->at.n;
	bool closed = n > 2 && same(p[0], p[n - 1]);

	for (size_t i = 0; i + 1 < n; i++)
		for (size_t j = i + 2; j + 1 < n; j++) {
			if (closed && i == 0 && j + 2 == n)
				continue;
			if (cross(p + i, p + j))
				return true;
		}
	return false;
}

static enum err fn_area(struct eval *e, const struct val *args, size_t n,
			struct val *out)
{
	struct shape_points s = { 0 };
	enum err rc = points_of(e, args, n, &s);

	val_set_num(out, area_of(&s));
	vec_release(&s.at);
	return rc;
}

static enum err fn_distance(struct eval *e, const struct val *args, size_t n,
			    struct val *out)
{
	struct shape_points s = { 0 };
	enum err rc = points_of(e, args, n, &s);

	val_set_num(out, length_of(&s));
	vec_release(&s.at);
	if (!rc && s.bad)
		rc = eval_fail(e, _("distance() mendapat teks yang bukan "
				    "koordinat"));
	return rc;
}

static enum err fn_geofence(struct eval *e, const struct val *args, size_t n,
			    struct val *out)
{
	struct shape_points p = { 0 }, s = { 0 };
	enum err rc = points_of(e, args, 1, &p);

	if (!rc)
		rc = points_of(e, args + 1, n - 1, &s);
	val_set_bool(out, p.at.n && !p.bad && !s.bad && inside(p.at.at[0], &s));
	vec_release(&p.at);
	vec_release(&s.at);
	return rc;
}

static enum err fn_intersects(struct eval *e, const struct val *args, size_t n,
			      struct val *out)
{
	struct shape_points s = { 0 };
	enum err rc = points_of(e, args, n, &s);

	if (!rc)
		rc = eval_spend(e, s.at.n * s.at.n / WORK_OF_STEP);
	if (!rc)
		val_set_bool(out, !s.bad && intersects(&s));
	vec_release(&s.at);
	return rc;
}

static const struct func rows[] = {
	{ STR_INIT("area"), 1, FN_MANY, FN_NUMBER, FN_WHOLE_ONE, fn_area,
	  NULL },
	{ STR_INIT("enclosed-area"), 1, FN_MANY, FN_NUMBER, FN_WHOLE_ONE,
	  fn_area, NULL },
	{ STR_INIT("distance"), 1, FN_MANY, FN_NUMBER, FN_WHOLE_ONE,
	  fn_distance, NULL },
	{ STR_INIT("geofence"), 2, 2, FN_BOOLEAN, 0, fn_geofence, NULL },
	{ STR_INIT("intersects"), 1, 1, FN_BOOLEAN, 0, fn_intersects, NULL },
	{ .min = 0 },
};

const struct func *func_geo(void)
{
	return rows;
}
