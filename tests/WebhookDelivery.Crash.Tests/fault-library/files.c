/* The calls that SQLite and .NET make on files of the data directory. */
#define _GNU_SOURCE
#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum file { UNKNOWN = 0, ELSEWHERE, LOG, DATABASE, KEY, DIRECTORY, OTHER };

#define DESCRIPTORS 65536

static unsigned char files[DESCRIPTORS];
static const char *directory;
static size_t directory_length;

__attribute__((constructor)) static void start(void) {
  directory = getenv("FAULTS_DIRECTORY");
  directory_length = directory == NULL ? 0 : strlen(directory);
}

static enum file file_at(const char *path) {
  if (directory_length == 0 || strncmp(path, directory, directory_length) != 0) {
    return ELSEWHERE;
  }

  const char *name = path + directory_length;
  if (*name == '\0') {
    return DIRECTORY;
  }

  if (*name != '/' || strcmp(name, "/webhooks.db-shm") == 0) {
    return ELSEWHERE;
  }

  return strcmp(name, "/webhooks.db-wal") == 0    ? LOG
         : strcmp(name, "/webhooks.db") == 0      ? DATABASE
         : strncmp(name, "/master.key", 11) == 0 ? KEY
                                                 : OTHER;
}

/* What a descriptor is of; asked of the kernel once. */
static enum file file_of(int fd) {
  if (fd < 0 || fd >= DESCRIPTORS || directory_length == 0) {
    return ELSEWHERE;
  }

  if (files[fd] == UNKNOWN) {
    char link[64];
    char path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    path[length < 0 ? 0 : length] = '\0';
    files[fd] = (unsigned char)file_at(path);
  }

  return files[fd];
}

int open64(const char *path, int flags, ...) {
  mode_t mode = 0;
  if (flags & (O_CREAT | O_TMPFILE)) {
    va_list rest;
    va_start(rest, flags);
    mode = va_arg(rest, mode_t);
    va_end(rest);
  }

  enum file file = file_at(path);
  struct stat before;
  int makes = (flags & O_CREAT) && file != ELSEWHERE && stat(path, &before) != 0;
  if (makes && file == KEY) {
    pass(KEY_CREATE);
  }

  int fd = LIBC(open64)(path, flags, mode);
  if (fd >= 0 && fd < DESCRIPTORS) {
    files[fd] = UNKNOWN;
  }

  if (fd >= 0 && makes) {
    disk_made(path);
  }

  return fd;
}

int close(int fd) {
  if (fd >= 0 && fd < DESCRIPTORS) {
    files[fd] = UNKNOWN;
  }

  return LIBC(close)(fd);
}

static void tear(int fd, const void *bytes, size_t count, off_t offset, enum point point) {
  if (tears(point)) {
    disk_write(fd, bytes, count / 2, offset);
    end_at(point);
  }
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t offset) {
  enum file file = file_of(fd);
  if (file == ELSEWHERE) {
    return LIBC(pwrite64)(fd, bytes, count, offset);
  }

  if (file == LOG) {
    pass(LOG_WRITE);
    tear(fd, bytes, count, offset, LOG_TORN);
  } else if (file == DATABASE) {
    pass(CHECKPOINT_WRITE);
    tear(fd, bytes, count, offset, CHECKPOINT_TORN);
  } else if (file == KEY) {
    pass(KEY_WRITE);
  }

  stop_if_ending();
  if (fails(file == LOG ? LOG_WRITE : file == DATABASE ? CHECKPOINT_WRITE : KEY_WRITE)) {
    return -1;
  }

  ssize_t written = disk_write(fd, bytes, count, offset);
  if (file == LOG) {
    pass(LOG_WRITTEN);
  }

  return written;
}

ssize_t write(int fd, const void *bytes, size_t count) {
  if (file_of(fd) == KEY) {
    pass(KEY_WRITE);
    return pwrite64(fd, bytes, count, lseek(fd, 0, SEEK_CUR));
  }

  return LIBC(write)(fd, bytes, count);
}

ssize_t pread64(int fd, void *bytes, size_t count, off_t offset) {
  if (file_of(fd) == DATABASE) {
    pass(DATABASE_READ);
    if (fails(DATABASE_READ)) {
      return -1;
    }
  }

  return LIBC(pread64)(fd, bytes, count, offset);
}

int fsync(int fd) {
  enum file file = file_of(fd);
  enum point before = file == LOG         ? LOG_SYNC
                      : file == DATABASE  ? CHECKPOINT_SYNC
                      : file == KEY       ? KEY_SYNC
                      : file == DIRECTORY ? DIRECTORY_SYNC
                                          : NO_POINT;
  if (before != NO_POINT) {
    pass(before);
    if (fails(before)) {
      return disk_sync_fails(fd);
    }
  }

  int64_t operations = disk_directory_operations();
  int result = disk_sync(fd);
  if (result == 0 && file == DIRECTORY) {
    disk_directory_synced(operations);
  }

  if (file == LOG) {
    pass(LOG_SYNCED);
  } else if (file == DATABASE) {
    pass(CHECKPOINT_SYNCED);
  }

  return result;
}

int fdatasync(int fd) { return fsync(fd); }

int rename(const char *from, const char *to) {
  enum file file = file_at(to);
  if (file == KEY) {
    pass(KEY_RENAME);
  }

  int result = LIBC(rename)(from, to);
  if (result == 0 && file != ELSEWHERE) {
    disk_renamed(from, to);
  }

  if (file == KEY) {
    pass(KEY_RENAMED);
  }

  return result;
}

int unlink(const char *path) {
  enum file file = file_at(path);
  if (file == LOG) {
    pass(LOG_UNLINK);
  }

  int result = LIBC(unlink)(path);
  if (file == LOG) {
    pass(LOG_UNLINKED);
  }

  return result;
}
