/* Answers to posters, requests to receivers, and what these answer: known by how they begin. */
#define _GNU_SOURCE
#include "faults.h"

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

static int begins(const void *bytes, ssize_t count, const char *text) {
  size_t length = strlen(text);
  return count >= (ssize_t)length && memcmp(bytes, text, length) == 0;
}

static void before_sending(const void *bytes, ssize_t count) {
  stop_if_ending();
  if (begins(bytes, count, "HTTP/1.1 201")) {
    pass(ANSWER_SEND);
  }
}

static void after_sending(const void *bytes, ssize_t count) {
  if (begins(bytes, count, "HTTP/1.1 201")) {
    pass(ANSWER_SENT);
  } else if (begins(bytes, count, "POST ")) {
    pass(REQUEST_SENT);
  }
}

static void after_reading(const void *bytes, ssize_t count) {
  stop_if_ending();
  if (begins(bytes, count, "HTTP/1.1 2")) {
    pass(RESPONSE_READ);
  }
}

ssize_t send(int fd, const void *bytes, size_t count, int flags) {
  before_sending(bytes, (ssize_t)count);
  ssize_t sent = LIBC(send)(fd, bytes, count, flags);
  after_sending(bytes, sent);
  return sent;
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
  const struct iovec *first = message->msg_iovlen > 0 ? message->msg_iov : NULL;
  if (first == NULL) {
    return LIBC(sendmsg)(fd, message, flags);
  }

  before_sending(first->iov_base, (ssize_t)first->iov_len);
  ssize_t sent = LIBC(sendmsg)(fd, message, flags);
  after_sending(first->iov_base, sent < (ssize_t)first->iov_len ? sent : (ssize_t)first->iov_len);
  return sent;
}

ssize_t recv(int fd, void *bytes, size_t count, int flags) {
  ssize_t got = LIBC(recv)(fd, bytes, count, flags);
  after_reading(bytes, got);
  return got;
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags) {
  ssize_t got = LIBC(recvmsg)(fd, message, flags);
  if (message->msg_iovlen > 0) {
    ssize_t first = (ssize_t)message->msg_iov[0].iov_len;
    after_reading(message->msg_iov[0].iov_base, got < first ? got : first);
  }

  return got;
}
