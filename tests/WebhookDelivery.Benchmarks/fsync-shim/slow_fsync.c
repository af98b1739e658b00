/*
 * Preloaded into a process: counts fsync and fdatasync, and can make them take a fixed time instead of
 * the disk's, so that a count of commits means the same on every machine.
 *
 *   SLOW_FSYNC_MICROSECONDS  how long each takes; without it, each is done and takes what it takes
 *   SLOW_FSYNC_COUNTS        a file of three 64-bit integers, mapped and added to:
 *                            syncs of *-wal files, other syncs, nanoseconds of both
 *
 * With a fixed time nothing reaches the disk before the kernel writes it back: for measurements only.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct counts {
  int64_t of_log;
  int64_t of_others;
  int64_t nanoseconds;
};

static struct counts private_counts;
static struct counts *counts = &private_counts;
static int64_t delay_nanoseconds = -1;

__attribute__((constructor)) static void start(void) {
  const char *delay = getenv("SLOW_FSYNC_MICROSECONDS");
  const char *path = getenv("SLOW_FSYNC_COUNTS");
  delay_nanoseconds = delay != NULL ? atoll(delay) * 1000 : -1;
  if (path == NULL) {
    return;
  }

  int fd = open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0) {
    return;
  }

  void *mapped = mmap(NULL, sizeof(struct counts), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (mapped != MAP_FAILED) {
    counts = mapped;
  }

  close(fd);
}

static int is_log(int fd) {
  char link[64];
  char path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path);
  return length > 4 && memcmp(path + length - 4, "-wal", 4) == 0;
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static void sleep_until(int64_t until) {
  struct timespec end = {until / 1000000000, until % 1000000000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) != 0) {
  }
}

static int sync_counted(int fd, long call) {
  int64_t started = now();
  int result = 0;
  __atomic_fetch_add(is_log(fd) ? &counts->of_log : &counts->of_others, 1, __ATOMIC_RELAXED);
  if (delay_nanoseconds < 0) {
    result = (int)syscall(call, fd);
  } else {
    sleep_until(started + delay_nanoseconds);
  }

  __atomic_fetch_add(&counts->nanoseconds, now() - started, __ATOMIC_RELAXED);
  return result;
}

int fsync(int fd) { return sync_counted(fd, SYS_fsync); }

int fdatasync(int fd) { return sync_counted(fd, SYS_fdatasync); }
