/* SPDX-License-Identifier: MIT */
#include "names.h"

#include <stdio.h>
#include <string.h>

#include "pilar/attr.h"

static const char *const parts[] = {
	"Siti",      "Sitti",       "Aminah",   "Muhammad",  "Moh.",
	"Ahmad",     "Abdurrahman", "Abdullah", "Sri",       "Dewi",
	"Khadijah",  "Chairul",     "Soekarno", "Djoko",     "Tjahjo",
	"Sjafrudin", "Nurhayati",   "Wayan",    "Ketut",     "Yusuf",
	"Jusuf",     "Rahayu",      "Sulastri", "Bambang",   "H.",
	"Hj.",       "Drs.",        "Chandra",  "Christina", "Ma'ruf",
	"Iyah",      "Kuwat",       "Aisyah",   "Zainal",    "Tukiyem",
	"Arya",      "Wahyu",       "Ngatinah", "Njoman",    "Kartini",
	"Abd.",      "Fatimah",     "Ali",      "A",         "Budi",
	"Santoso",   "Hidayat",     "Nasution",
};

const char *name_part(size_t i)
{
	return i < ARRAY_LEN(parts) ? parts[i] : NULL;
}

uint32_t draw(struct rng *r, uint32_t n)
{
	r->s = r->s * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(r->s >> 33) % n;
}

void some_name(struct rng *r, char out[NAME_MADE])
{
	uint32_t n = 1 + draw(r, 4);

	*out = '\0';
	for (uint32_t i = 0; i < n; i++)
		snprintf(out + strlen(out), NAME_MADE - strlen(out), "%s%s",
			 i ? " " : "", parts[draw(r, ARRAY_LEN(parts))]);
}
