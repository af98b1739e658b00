/* The file that the harness steers by, and the end of the process. */
#define _GNU_SOURCE
#include "faults.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static struct control idle;
struct control *faults = &idle;
static int ending;

__attribute__((constructor)) static void start(void) {
  const char *path = getenv("FAULTS_CONTROL");
  int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
  void *mapped = fd < 0 ? MAP_FAILED
                        : mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (mapped == MAP_FAILED) {
    fprintf(stderr, "The fault library has no control file: FAULTS_CONTROL=%s\n", path ? path : "");
    _exit(99);
  }

  faults = mapped;
  close(fd);
}

void *find_in_libc(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (found == NULL) {
    abort();
  }

  return found;
}

void stop_if_ending(void) {
  while (__atomic_load_n(&ending, __ATOMIC_ACQUIRE)) {
    pause();
  }
}

_Noreturn void end_at(enum point point) {
  if (__atomic_exchange_n(&ending, 1, __ATOMIC_ACQ_REL)) {
    stop_if_ending();
  }

  if (faults->ending == POWER_CUT) {
    disk_forget();
  }

  __atomic_store_n(&faults->fired, point, __ATOMIC_RELEASE);
  kill(getpid(), SIGKILL);
  for (;;) {
    pause();
  }
}

/* Counts a passing, and says whether it is the one that was asked for. */
static int is_last(enum point point) {
  stop_if_ending();
  __atomic_fetch_add(&faults->passings[point], 1, __ATOMIC_RELAXED);
  int32_t armed = __atomic_load_n(&faults->armed, __ATOMIC_ACQUIRE);
  return (armed == (int32_t)point || armed == ANY_POINT) &&
         __atomic_sub_fetch(&faults->passings_left, 1, __ATOMIC_ACQ_REL) == 0;
}

void pass(enum point point) {
  if (is_last(point)) {
    end_at(point);
  }
}

int tears(enum point point) { return is_last(point); }

int fails(enum point point) {
  if (__atomic_load_n(&faults->failing, __ATOMIC_ACQUIRE) != (int32_t)point) {
    return 0;
  }

  if (__atomic_fetch_sub(&faults->failures_left, 1, __ATOMIC_ACQ_REL) <= 0) {
    __atomic_store_n(&faults->failures_left, 0, __ATOMIC_RELEASE);
    return 0;
  }

  __atomic_fetch_add(&faults->failed, 1, __ATOMIC_RELAXED);
  errno = faults->failure_errno;
  return 1;
}
