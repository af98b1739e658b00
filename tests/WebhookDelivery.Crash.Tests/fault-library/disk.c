/*
 * What a disk still has after the power is cut. Of every sector written since the last fsync of its
 * file, the bytes before are kept; on a cut each sector goes back to how it was at a moment of its own
 * between that fsync and now, chosen by the seed, as a disk writes back in any order. Names that no
 * fsync of the directory confirmed go too, the newest first. With the seed 0 all of it goes. A sector
 * whose fsync failed is lost, since the kernel then takes it for written:
 * https://lwn.net/Articles/752063/.
 *
 * Not modelled: a file made shorter or deleted is so at once.
 */
#define _GNU_SOURCE
#include "faults.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECTOR 512
#define TRACKED 256
#define OPERATIONS 1024

struct file {
  dev_t device;
  ino_t inode;
  /* A copy of the server's descriptor; never closed, since that would drop the server's locks. */
  int fd;
  off_t durable_size;
};

struct version {
  int file;
  int lost;
  int64_t sector;
  int64_t at;
  ssize_t length;
  unsigned char before[SECTOR];
};

struct operation {
  int64_t at;
  char made[512];
  char from[512];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct file files[TRACKED];
static int file_count;
static struct version *versions;
static int64_t version_count;
static int64_t version_room;
static int64_t lost_count;
static struct operation operations[OPERATIONS];
static int operation_count;
static int64_t now;

static void enter(void) { pthread_mutex_lock(&lock); }

/* A cut takes the lock and keeps it: whoever was inside before it goes no further than here. */
static void leave(void) {
  pthread_mutex_unlock(&lock);
  stop_if_ending();
}

static int file_index(int fd) {
  struct stat status;
  if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
    return -1;
  }

  for (int i = 0; i < file_count; i++) {
    if (files[i].device == status.st_dev && files[i].inode == status.st_ino) {
      return i;
    }
  }

  if (file_count == TRACKED) {
    return -1;
  }

  files[file_count] = (struct file){status.st_dev, status.st_ino,
                                    fcntl(fd, F_DUPFD_CLOEXEC, 0), status.st_size};
  return file_count++;
}

static void find_again(int file, int64_t sector) {
  for (int64_t i = 0; lost_count > 0 && i < version_count; i++) {
    struct version *each = &versions[i];
    if (each->lost && each->file == file && each->sector == sector) {
      /* Written once more, so that the next fsync covers it. */
      each->lost = 0;
      lost_count--;
    }
  }
}

static void remember(int file, int64_t sector) {
  if (version_count == version_room) {
    version_room = version_room == 0 ? 1024 : 2 * version_room;
    versions = realloc(versions, (size_t)version_room * sizeof *versions);
    if (versions == NULL) {
      abort();
    }
  }

  find_again(file, sector);
  struct version *next = &versions[version_count++];
  next->file = file;
  next->lost = 0;
  next->sector = sector;
  next->at = ++now;
  /* A file that is open for writing only is new: there was nothing. */
  ssize_t length = LIBC(pread64)(files[file].fd, next->before, SECTOR, sector * SECTOR);
  next->length = length < 0 ? 0 : length;
}

ssize_t disk_write(int fd, const void *bytes, size_t count, off_t offset) {
  if (!faults->remembers) {
    return LIBC(pwrite64)(fd, bytes, count, offset);
  }

  enter();
  int file = file_index(fd);
  if (file >= 0 && count > 0) {
    int64_t last = (offset + (off_t)count - 1) / SECTOR;
    for (int64_t sector = offset / SECTOR; sector <= last; sector++) {
      remember(file, sector);
    }
  }

  ssize_t written = LIBC(pwrite64)(fd, bytes, count, offset);
  leave();
  return written;
}

/* The power is cut in memory only: the machine's own disk need not be waited for. */
int disk_sync(int fd) {
  if (!faults->remembers) {
    return LIBC(fsync)(fd);
  }

  enter();
  int file = file_index(fd);
  struct stat status;
  if (!faults->lies && file >= 0 && fstat(fd, &status) == 0) {
    int64_t kept = 0;
    for (int64_t i = 0; i < version_count; i++) {
      if (versions[i].file != file || versions[i].lost) {
        versions[kept++] = versions[i];
      }
    }

    version_count = kept;
    files[file].durable_size = status.st_size;
  }

  leave();
  return 0;
}

int disk_sync_fails(int fd) {
  if (faults->remembers) {
    enter();
    int file = file_index(fd);
    for (int64_t i = 0; i < version_count; i++) {
      if (versions[i].file == file && !versions[i].lost) {
        versions[i].lost = 1;
        lost_count++;
      }
    }

    leave();
  }

  return -1;
}

static void note(const char *made, const char *from) {
  enter();
  if (faults->remembers && operation_count < OPERATIONS) {
    struct operation *next = &operations[operation_count++];
    next->at = ++now;
    snprintf(next->made, sizeof next->made, "%s", made);
    snprintf(next->from, sizeof next->from, "%s", from);
  }

  leave();
}

void disk_made(const char *path) { note(path, ""); }

void disk_renamed(const char *from, const char *to) { note(to, from); }

int64_t disk_directory_operations(void) { return __atomic_load_n(&now, __ATOMIC_ACQUIRE); }

void disk_directory_synced(int64_t before) {
  enter();
  int kept = 0;
  for (int i = 0; i < operation_count; i++) {
    if (operations[i].at > before || faults->lies) {
      operations[kept++] = operations[i];
    }
  }

  operation_count = kept;
  leave();
}

/* The moment of a sector; with the seed 0 the first. By SplitMix64: https://prng.di.unimi.it/splitmix64.c. */
static uint64_t chance(uint64_t file, uint64_t sector) {
  if (faults->seed == 0) {
    return 0;
  }

  uint64_t z = (uint64_t)faults->seed + (file << 48) + (sector + 1) * UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static void forget_sectors(void) {
  int64_t oldest = version_count > 0 ? versions[0].at : now;
  uint64_t span = (uint64_t)(now - oldest + 2);
  for (int64_t i = version_count - 1; i >= 0; i--) {
    struct version *each = &versions[i];
    int64_t moment = oldest - 1 + (int64_t)(chance((uint64_t)each->file, (uint64_t)each->sector) % span);
    if (each->lost || each->at > moment) {
      unsigned char whole[SECTOR] = {0};
      memcpy(whole, each->before, (size_t)each->length);
      LIBC(pwrite64)(files[each->file].fd, whole, SECTOR, each->sector * SECTOR);
      faults->sectors_forgotten++;
    }
  }
}

void disk_forget(void) {
  pthread_mutex_lock(&lock);
  off_t sizes[TRACKED];
  for (int i = 0; i < file_count; i++) {
    struct stat status;
    sizes[i] = fstat(files[i].fd, &status) == 0 ? status.st_size : 0;
  }

  forget_sectors();
  for (int i = 0; i < file_count; i++) {
    /* Putting back whole sectors may have made it longer; and its growth may be lost too. */
    int shrinks = sizes[i] > files[i].durable_size && chance((uint64_t)i, UINT64_MAX - 1) % 2 == 0;
    if (ftruncate(files[i].fd, shrinks ? files[i].durable_size : sizes[i]) != 0) {
      continue;
    }
  }

  int kept = operation_count == 0 ? 0 : (int)(chance(TRACKED, 0) % (uint64_t)(operation_count + 1));
  for (int i = operation_count - 1; i >= kept; i--) {
    if (operations[i].from[0] == '\0') {
      LIBC(unlink)(operations[i].made);
    } else {
      LIBC(rename)(operations[i].made, operations[i].from);
    }
  }
}
