/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <unistd.h>

#include "pilar/file.h"

const char *share_find(struct arena *a, const char *const *places, size_t n)
{
	char exe[4096];
	ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	char *slash;

	exe[len > 0 ? len : 0] = '\0';
	slash = strrchr(exe, '/');
	if (!slash)
		return NULL;
	*slash = '\0';
	for (size_t i = 0; i < n; i++) {
		char *dir = path_join(a, exe, places[i]);

		if (dir && file_exists(dir))
			return dir;
	}
	return NULL;
}

const char *share_dir(struct arena *a)
{
	/* A link the build leaves, seen from the program and from its tests. */
	static const char *const places[] = { "share", "../../share",
					      "../share/pilar" };
	const char *dir = share_find(a, places, ARRAY_LEN(places));

	return dir ? dir : PILAR_PREFIX "/share/pilar";
}
