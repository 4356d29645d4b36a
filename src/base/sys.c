/* SPDX-License-Identifier: MIT */
#include "pilar/sys.h"

#include <string.h>
#include <time.h>

#include <sodium.h>
#include <uuid/uuid.h>

static int64_t real_now(void *self)
{
	struct timespec t = { 0 };

	(void)self;
	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int env_offset(void *self, int64_t at)
{
	struct tm tm = { 0 };
	time_t seconds = (time_t)(at >= 0 ? at / 1000 : (at - 999) / 1000);

	(void)self;
	if (!localtime_r(&seconds, &tm))
		return 0;
	return (int)(tm.tm_gmtoff / 60);
}

static void real_random(void *self, void *out, size_t n)
{
	(void)self;
	randombytes_buf(out, n);
}

const struct sys *sys_real(void)
{
	static const struct sys real = { real_now, env_offset, real_random,
					 NULL };

	return &real;
}

static int64_t fixed_now(void *self)
{
	const struct sys_fixed *f = self;

	return f->at;
}

static int fixed_offset(void *self, int64_t at)
{
	const struct sys_fixed *f = self;

	return f->zone_min == SYS_ZONE_ENV ? env_offset(NULL, at) : f->zone_min;
}

static uint64_t splitmix(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static void fixed_random(void *self, void *out, size_t n)
{
	struct sys_fixed *f = self;
	unsigned char *p = out;

	if (!f->seed) {
		randombytes_buf(out, n);
		return;
	}
	while (n) {
		uint64_t v = splitmix(&f->seed);
		size_t k = n < sizeof(v) ? n : sizeof(v);

		memcpy(p, &v, k);
		p += k;
		n -= k;
	}
}

void sys_fixed_init(struct sys_fixed *f, int64_t at, int32_t zone_min,
		    uint64_t seed)
{
	f->sys = (struct sys){ fixed_now, fixed_offset, fixed_random, f };
	f->at = at;
	f->zone_min = zone_min;
	f->seed = seed;
}

int64_t sys_now(const struct sys *s)
{
	return s->now(s->self);
}

double sys_random01(const struct sys *s)
{
	uint64_t v = 0;

	s->random(s->self, &v, sizeof(v));
	return (double)(v >> 11) * 0x1p-53;
}

/* Version 4, variant 1, from the seam's randomness (RFC 9562). */
void sys_uuid(const struct sys *s, char out[UUID_LEN + 1])
{
	uint8_t raw[16] = { 0 };

	s->random(s->self, raw, sizeof(raw));
	raw[6] = (uint8_t)((raw[6] & 0x0f) | 0x40);
	raw[8] = (uint8_t)((raw[8] & 0x3f) | 0x80);
	uuid_to_text(raw, out);
}

enum err uuid_from_text(struct str text, uint8_t out[16])
{
	char cstr[UUID_LEN + 1];
	uuid_t raw;

	if (str_starts(text, STR("uuid:")))
		text = str_sub(text, 5, text.n);
	if (text.n != UUID_LEN)
		return ERR_SYNTAX;
	memcpy(cstr, text.p, UUID_LEN);
	cstr[UUID_LEN] = '\0';
	if (uuid_parse(cstr, raw))
		return ERR_SYNTAX;
	memcpy(out, raw, 16);
	return ERR_NONE;
}

void uuid_to_text(const uint8_t in[16], char out[UUID_LEN + 1])
{
	uuid_unparse_lower(in, out);
}
