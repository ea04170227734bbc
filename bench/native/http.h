/* What the upstream and the load generator share: the clock, and a reader of HTTP/1.1 messages in pieces. Linux only. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define HEAD_LIMIT 16384
#define STAMP_DIGITS 20
#define MOST_EVENTS 1024

static inline uint64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static inline void fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  exit(1);
}

/** Ends with the parent; a write to a closed socket is an error code, not the end. */
static inline void settle_in(void) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  signal(SIGPIPE, SIG_IGN);
}

/** A socket without waiting and without Nagle's algorithm. */
static inline void make_ready(int fd) {
  int one = 1;
  fcntl(fd, F_SETFL, O_NONBLOCK);
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

/** A timer that wakes `epoll` at `when` (CLOCK_MONOTONIC, ns); 0 for never. */
static inline void wake_at(int timer, uint64_t when) {
  struct itimerspec at = {.it_value = {(time_t)(when / 1000000000u), (long)(when % 1000000000u)}};
  timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL);
}

/** Where the reader stands in a message. */
enum part { HEAD, SIZED, CHUNK_SIZE, CHUNK, CHUNK_END, TRAILER, UNTIL_CLOSE, WHOLE };

struct message {
  enum part part;
  bool closes;
  size_t left;
  size_t head_length;
  char head[HEAD_LIMIT + 1];
};

typedef void on_body(void *owner, const char *bytes, size_t length);

static inline void next_message(struct message *message) {
  message->part = HEAD;
  message->head_length = message->left = 0;
}

static inline enum part part_after_head(struct message *message, bool is_request) {
  const char *length = strcasestr(message->head, "\r\ncontent-length:");
  message->closes = strcasestr(message->head, "\r\nconnection: close") != NULL;
  if (strcasestr(message->head, "\r\ntransfer-encoding: chunked")) return CHUNK_SIZE;
  if (length) message->left = strtoul(length + 17, NULL, 10);
  if (length) return message->left > 0 ? SIZED : WHOLE;
  return is_request ? WHOLE : UNTIL_CLOSE;
}

/** Takes in the head as far as it has come; tells how many of the bytes were its. */
static inline size_t read_head(struct message *message, const char *bytes, size_t length, bool is_request) {
  size_t before = message->head_length;
  size_t taken = length < HEAD_LIMIT - before ? length : HEAD_LIMIT - before;
  size_t from = before < 3 ? 0 : before - 3;
  memcpy(message->head + before, bytes, taken);
  char *end = memmem(message->head + from, before + taken - from, "\r\n\r\n", 4);
  message->head_length = end ? (size_t)(end - message->head) + 4 : before + taken;
  message->head[message->head_length] = 0;
  if (end) message->part = part_after_head(message, is_request);
  else if (message->head_length == HEAD_LIMIT) message->part = WHOLE;
  return message->head_length - before;
}

/** One character of a chunk's size line (a second in `left`), of the line break behind a chunk, or of the trailer. */
static inline void read_framing(struct message *message, char byte) {
  if (message->part == CHUNK_SIZE) {
    int digit = byte >= '0' && byte <= '9' ? byte - '0' : (byte | 32) >= 'a' && (byte | 32) <= 'f' ? (byte | 32) - 'a' + 10 : -1;
    if (digit >= 0) message->left = message->left * 16 + (size_t)digit;
    else if (byte == '\n') message->part = message->left > 0 ? CHUNK : TRAILER;
  } else if (message->part == CHUNK_END) {
    if (byte == '\n') message->part = CHUNK_SIZE;
  } else if (byte == '\n') {
    message->part = message->left == 0 ? WHOLE : TRAILER;
    message->left = 0;
  } else if (byte != '\r') message->left = 1;
}

/** Reads on in one message, its body (without framing) into `body`; tells how many bytes belong to it. */
static inline size_t read_message(struct message *message, const char *bytes, size_t length, bool is_request,
                                  on_body *body, void *owner) {
  size_t at = 0;
  while (at < length && message->part != WHOLE) {
    size_t rest = length - at;
    switch (message->part) {
    case HEAD:
      at += read_head(message, bytes + at, rest, is_request);
      break;
    case SIZED:
    case CHUNK:
      if (rest > message->left) rest = message->left;
      if (body) body(owner, bytes + at, rest);
      at += rest;
      message->left -= rest;
      if (message->left == 0) message->part = message->part == CHUNK ? CHUNK_END : WHOLE;
      break;
    case UNTIL_CLOSE:
      if (body) body(owner, bytes + at, rest);
      at += rest;
      break;
    default:
      read_framing(message, bytes[at++]);
    }
  }
  return at;
}
