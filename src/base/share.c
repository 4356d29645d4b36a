/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <unistd.h>

#include "pilar/file.h"

/* Where the build leaves a link, seen from the program and from its tests. */
static const char *const places[] = { "share", "../../share" };

const char *share_dir(struct arena *a)
{
	char exe[4096];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	char *slash;

	exe[n > 0 ? n : 0] = '\0';
	slash = strrchr(exe, '/');
	if (slash)
		*slash = '\0';
	for (size_t i = 0; slash && i < ARRAY_LEN(places); i++) {
		char *dir = path_join(a, exe, places[i]);

		if (dir && file_exists(dir))
			return dir;
	}
	return PILAR_PREFIX "/share/pilar";
}
