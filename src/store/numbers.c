/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "pilar/file.h"

#include "page.h"

#define METAS 2
/* Even, so that each stays in its page. */
#define NUMBERS_SPENT 2000

/* Each meta page has its own; the picture has looked at both. */
static enum err raise_number(const struct image *im, int fd, size_t i)
{
	size_t at = i * im->page + HEAD + offsetof(struct meta, txn);
	size_t number;
	ssize_t n;

	memcpy(&number, im->map + at, sizeof(number));
	number += NUMBERS_SPENT;
	n = pwrite(fd, &number, sizeof(number), (off_t)at);
	if (n < 0)
		return err_from_errno(errno);
	return n == (ssize_t)sizeof(number) ? ERR_NONE : ERR_IO;
}

enum err image_spend_numbers(const char *path)
{
	struct image im = { 0 };
	int fd = open(path, O_RDWR | O_CLOEXEC);
	enum err rc = fd < 0 ? err_from_errno(errno) : image_open(&im, path);

	if (!rc)
		rc = image_pick(&im, 0);
	for (size_t i = 0; i < METAS && !rc; i++)
		rc = raise_number(&im, fd, i);
	if (!rc && fsync(fd))
		rc = err_from_errno(errno);
	image_close(&im);
	if (fd >= 0)
		close(fd);
	return rc;
}
