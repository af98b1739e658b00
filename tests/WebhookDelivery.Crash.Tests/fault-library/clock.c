/* The wall clock, off by what the harness says; the monotonic clock is left alone. */
#define _GNU_SOURCE
#include "faults.h"

#include <stddef.h>
#include <sys/time.h>
#include <time.h>

#define NANOSECONDS INT64_C(1000000000)

static void wall_clock(struct timespec *now) {
  LIBC(clock_gettime)(CLOCK_REALTIME, now);
  int64_t offset = __atomic_load_n(&faults->clock_offset_nanoseconds, __ATOMIC_RELAXED);
  int64_t shifted = now->tv_sec * NANOSECONDS + now->tv_nsec + offset;
  now->tv_sec = shifted / NANOSECONDS;
  now->tv_nsec = shifted % NANOSECONDS;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) {
    wall_clock(now);
    return 0;
  }

  return LIBC(clock_gettime)(clock, now);
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  (void)zone;
  struct timespec wall;
  wall_clock(&wall);
  now->tv_sec = wall.tv_sec;
  now->tv_usec = wall.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *result) {
  struct timespec wall;
  wall_clock(&wall);
  if (result != NULL) {
    *result = wall.tv_sec;
  }

  return wall.tv_sec;
}
