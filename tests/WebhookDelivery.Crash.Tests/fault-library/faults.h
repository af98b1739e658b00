/*
 * A library loaded ahead of libc into a server under test. It ends the process at a named point,
 * makes calls fail, forgets what no fsync forced to the disk, and shifts the wall clock; all as a
 * file says that both processes map.
 *
 *   FAULTS_CONTROL    that file: struct control, written by the harness
 *   FAULTS_DIRECTORY  the server's data directory, without links in its path
 *
 * The server itself knows nothing of it: what it calls is what it calls in production.
 */
#ifndef FAULTS_H
#define FAULTS_H

#include <stdint.h>
#include <sys/types.h>

/* In the order of CrashPoint in C#. */
enum point {
  NO_POINT = 0,
  ANY_POINT,
  LOG_WRITE,
  LOG_TORN,
  LOG_WRITTEN,
  LOG_SYNC,
  LOG_SYNCED,
  CHECKPOINT_WRITE,
  CHECKPOINT_TORN,
  CHECKPOINT_SYNC,
  CHECKPOINT_SYNCED,
  ANSWER_SEND,
  ANSWER_SENT,
  REQUEST_SENT,
  RESPONSE_READ,
  DATABASE_READ,
  KEY_CREATE,
  KEY_WRITE,
  KEY_SYNC,
  KEY_RENAME,
  KEY_RENAMED,
  LOG_UNLINK,
  LOG_UNLINKED,
  DIRECTORY_SYNC,
  POINTS
};

enum ending { SIGKILL_ONLY = 0, POWER_CUT = 1 };

struct control {
  int64_t clock_offset_nanoseconds;
  /* Where the process ends, and at which passing from now on. */
  int32_t armed;
  int32_t passings_left;
  int32_t ending;
  /* Where it ended; 0 as long as it runs. */
  int32_t fired;
  /* Which call fails, how often from now on, and with what. */
  int32_t failing;
  int32_t failures_left;
  int32_t failure_errno;
  int32_t failed;
  /* Whether unsynced writes are remembered at all; set before the start. */
  int32_t remembers;
  /* A disk that says it has synced, and has not. */
  int32_t lies;
  int64_t seed;
  int64_t sectors_forgotten;
  int64_t passings[32];
};

extern struct control *faults;

/* Notes that a thread is at a point; does not return if the process ends there. */
void pass(enum point point);

/* Whether the process is to end at a torn write, whose first half the caller then writes. */
int tears(enum point point);

/* Ends the process: at once, and if the power is cut, without what was not synced. */
_Noreturn void end_at(enum point point);

/* Whether the call at this point is to fail; errno is set then. */
int fails(enum point point);

/* Stops the calling thread for good once the process is ending. */
void stop_if_ending(void);

/* The function that libc has under a name. */
void *find_in_libc(const char *name);

/* Found at the first call: other libraries' constructors may call before those of this one ran. */
#define LIBC(name)                                     \
  ({                                                   \
    static __typeof__(&name) found;                    \
    if (found == NULL) {                               \
      found = (__typeof__(&name))find_in_libc(#name);  \
    }                                                  \
    found;                                             \
  })

/* What the disk would still have: see disk.c. */
ssize_t disk_write(int fd, const void *bytes, size_t count, off_t offset);
int disk_sync(int fd);
int disk_sync_fails(int fd);
void disk_made(const char *path);
void disk_renamed(const char *from, const char *to);
void disk_directory_synced(int64_t before);
int64_t disk_directory_operations(void);
void disk_forget(void);

#endif
