/*
 * Preloaded into a server: its wall clock runs ahead, so that what is kept for days is old at once. The
 * monotonic clock is left alone: what waits, waits as long as ever.
 *
 *   SHIFTED_CLOCK_SECONDS  by how much
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static time_t shift;

__attribute__((constructor)) static void start(void) {
  const char *seconds = getenv("SHIFTED_CLOCK_SECONDS");
  shift = seconds != NULL ? atoll(seconds) : 0;
}

/* The system call itself: the function of libc that would be called is this one. */
int clock_gettime(clockid_t clock, struct timespec *time) {
  int result = (int)syscall(SYS_clock_gettime, clock, time);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    time->tv_sec += shift;
  }

  return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  (void)zone;
  struct timespec now;
  int result = clock_gettime(CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return result;
}

time_t time(time_t *seconds) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (seconds != NULL) {
    *seconds = now.tv_sec;
  }

  return now.tv_sec;
}
