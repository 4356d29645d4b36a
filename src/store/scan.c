/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "image.h"
#include "page.h"
#include "pilar/store.h"

/* The value of a node, where all of it lies in the file. */
static bool value_of(const struct image *im, size_t room,
		     const struct node_head *h, const uint8_t *at,
		     struct str *value)
{
	size_t size = h->lo | (size_t)h->hi << 16, first, end;

	if (!(h->flags & N_BIG)) {
		*value = str_of((const char *)at, size);
		return h->flags == 0 && size <= room;
	}
	if (h->flags != N_BIG || room < sizeof(first))
		return false;
	memcpy(&first, at, sizeof(first));
	if (first > im->last || size > STORE_VALUE_MAX * 2)
		return false;
	end = first * im->page + HEAD + size;
	*value = str_of((const char *)im->map + first * im->page + HEAD, size);
	return end <= im->size;
}

static bool record_of(const struct image *im, const uint8_t *page, size_t i,
		      struct str *key, struct str *value)
{
	struct node_head h;
	uint16_t at;
	size_t room;

	memcpy(&at, page + HEAD + 2 * i, sizeof(at));
	if (at < HEAD || at > im->page - NODE)
		return false;
	memcpy(&h, page + at, NODE);
	room = im->page - at - NODE;
	if (!h.key_size || h.key_size > STORE_KEY_MAX || h.key_size > room)
		return false;
	*key = str_of((const char *)page + at + NODE, h.key_size);
	return value_of(im, room - h.key_size, &h,
			page + at + NODE + h.key_size, value);
}

enum err image_scan(const struct image *im,
		    enum err (*each)(void *arg, struct str key,
				     struct str value),
		    void *arg)
{
	enum err rc = ERR_NONE;

	image_expect(im, true);
	for (size_t n = 0; !rc && n < im->size / im->page; n++) {
		const uint8_t *page = im->map + n * im->page;
		struct page_head h;
		size_t count;

		memcpy(&h, page, sizeof(h));
		if (h.flags != P_LEAF || h.room.part.lower < HEAD ||
		    h.room.part.lower > im->page)
			continue;
		count = (h.room.part.lower - HEAD) / 2;
		for (size_t i = 0; !rc && i < count; i++) {
			struct str key, value;

			if (record_of(im, page, i, &key, &value))
				rc = each(arg, key, value);
		}
	}
	return rc;
}
