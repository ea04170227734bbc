/*
 * Plays an upstream. Prints its port, reads its answers from stdin to the end, then serves. It knows no wire format:
 * an answer is bytes, head and framing included.
 *
 *   whole <path> <bytes>\n<answer>
 *   stream <path> <events> <gap in us> <opening bytes> <event bytes> <closing bytes>\n<opening><event><closing>
 *
 * A stream is its opening, its event as often as told, one write each and `gap` apart, and its closing. The digits
 * behind "@T" in an event become the time of its write. What follows a `?` in a request's path is not looked at.
 */
#include "http.h"

struct answer {
  char path[256];
  bool streams;
  long events;
  uint64_t gap;
  size_t opening, event, closing;
  char *bytes, *stamp;
  struct answer *next;
};

struct visitor {
  int fd;
  struct message message;
  /** The stream under way. */
  struct answer *plays;
  long played;
  uint64_t began;
  char *unsent;
  size_t unsent_length;
  struct visitor *next, *before;
};

static struct answer *answers;
static struct visitor *playing;
static int poll_fd;

static void watch(struct visitor *visitor, int how, uint32_t events) {
  struct epoll_event event = {.events = events, .data.ptr = visitor};
  epoll_ctl(poll_fd, how, visitor->fd, &event);
}

static void stop_playing(struct visitor *visitor) {
  if (!visitor->plays) return;
  visitor->plays = NULL;
  if (visitor->next) visitor->next->before = visitor->before;
  if (visitor->before) visitor->before->next = visitor->next;
  else playing = visitor->next;
}

static void leave(struct visitor *visitor) {
  stop_playing(visitor);
  close(visitor->fd);
  visitor->fd = -1;
}

static void put(struct visitor *visitor, const char *bytes, size_t length) {
  ssize_t sent = visitor->unsent_length > 0 ? 0 : send(visitor->fd, bytes, length, 0);
  if (sent < 0) sent = 0;
  if ((size_t)sent == length) return;
  size_t rest = length - (size_t)sent;
  visitor->unsent = realloc(visitor->unsent, visitor->unsent_length + rest);
  memcpy(visitor->unsent + visitor->unsent_length, bytes + sent, rest);
  visitor->unsent_length += rest;
  watch(visitor, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
}

static void flush(struct visitor *visitor) {
  ssize_t sent = send(visitor->fd, visitor->unsent, visitor->unsent_length, 0);
  if (sent <= 0) return;
  visitor->unsent_length -= (size_t)sent;
  memmove(visitor->unsent, visitor->unsent + sent, visitor->unsent_length);
  if (visitor->unsent_length == 0) watch(visitor, EPOLL_CTL_MOD, EPOLLIN);
}

static struct answer *answer_for(const char *head) {
  const char *path = strchr(head, ' ');
  if (!path) return NULL;
  size_t length = strcspn(++path, " ?");
  for (struct answer *each = answers; each; each = each->next)
    if (strlen(each->path) == length && memcmp(each->path, path, length) == 0) return each;
  return NULL;
}

static void reply(struct visitor *visitor) {
  static const char unknown[] = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n";
  struct answer *answer = answer_for(visitor->message.head);
  if (!answer) return put(visitor, unknown, sizeof unknown - 1);
  put(visitor, answer->bytes, answer->opening);
  if (!answer->streams) return;
  visitor->plays = answer;
  visitor->played = 0;
  visitor->began = now_ns();
  visitor->before = NULL;
  visitor->next = playing;
  if (playing) playing->before = visitor;
  playing = visitor;
}

static void listen_to(struct visitor *visitor) {
  static char bytes[256 * 1024];
  ssize_t length = recv(visitor->fd, bytes, sizeof bytes, 0);
  if (length == 0 || (length < 0 && errno != EAGAIN)) return leave(visitor);
  for (ssize_t at = 0; at < length;) {
    at += (ssize_t)read_message(&visitor->message, bytes + at, (size_t)(length - at), true, NULL, NULL);
    if (visitor->message.part != WHOLE) break;
    reply(visitor);
    next_message(&visitor->message);
  }
}

/** Plays what is due in every stream; tells when the next event is, 0 when no stream is open. */
static uint64_t play(void) {
  uint64_t earliest = 0;
  for (struct visitor *visitor = playing, *next; visitor; visitor = next) {
    next = visitor->next;
    struct answer *answer = visitor->plays;
    uint64_t now = now_ns(), due = visitor->began + (uint64_t)visitor->played * answer->gap;
    if (due <= now && visitor->unsent_length == 0) {
      if (visitor->played == answer->events) {
        put(visitor, answer->bytes + answer->opening + answer->event, answer->closing);
        stop_playing(visitor);
        continue;
      }
      char digits[STAMP_DIGITS + 1];
      snprintf(digits, sizeof digits, "%0*llu", STAMP_DIGITS, (unsigned long long)now);
      memcpy(answer->stamp, digits, STAMP_DIGITS);
      put(visitor, answer->bytes + answer->opening, answer->event);
      visitor->played++;
      due = visitor->began + (uint64_t)visitor->played * answer->gap;
    }
    if (visitor->unsent_length == 0 && (earliest == 0 || due < earliest)) earliest = due;
  }
  return earliest;
}

static void read_answers(void) {
  char kind[8];
  struct answer *answer;
  while (answer = calloc(1, sizeof *answer), scanf("%7s %255s", kind, answer->path) == 2) {
    answer->streams = strcmp(kind, "stream") == 0;
    const int wanted = answer->streams ? 5 : 1;
    const int found = answer->streams ? scanf("%ld %lu %zu %zu %zu", &answer->events, &answer->gap, &answer->opening,
                                              &answer->event, &answer->closing)
                                      : scanf("%zu", &answer->opening);
    size_t length = answer->opening + answer->event + answer->closing;
    answer->bytes = malloc(length);
    if (found != wanted || getchar() != '\n' || fread(answer->bytes, 1, length, stdin) != length) fail("answers");
    char *mark = answer->streams ? memmem(answer->bytes + answer->opening, answer->event, "@T", 2) : NULL;
    if (answer->streams && !mark) fail("an event without @T");
    answer->stamp = mark + 2;
    answer->gap *= 1000;
    answer->next = answers;
    answers = answer;
  }
}

static int listen_anywhere(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 4096) < 0) fail("listen");
  getsockname(fd, (struct sockaddr *)&address, &length);
  fcntl(fd, F_SETFL, O_NONBLOCK);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  return fd;
}

static void welcome(int listener) {
  for (int fd; (fd = accept(listener, NULL, NULL)) >= 0;) {
    struct visitor *visitor = calloc(1, sizeof *visitor);
    visitor->fd = fd;
    make_ready(fd);
    watch(visitor, EPOLL_CTL_ADD, EPOLLIN);
  }
}

int main(void) {
  settle_in();
  int listener = listen_anywhere(), timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  read_answers();
  poll_fd = epoll_create1(0);
  epoll_ctl(poll_fd, EPOLL_CTL_ADD, listener, &(struct epoll_event){.events = EPOLLIN, .data.ptr = &listener});
  epoll_ctl(poll_fd, EPOLL_CTL_ADD, timer, &(struct epoll_event){.events = EPOLLIN, .data.ptr = &timer});
  for (;;) {
    struct epoll_event events[MOST_EVENTS];
    wake_at(timer, play());
    int count = epoll_wait(poll_fd, events, MOST_EVENTS, -1);
    for (int i = 0; i < count; i++) {
      struct visitor *visitor = events[i].data.ptr;
      if (events[i].data.ptr == &listener) welcome(listener);
      else if (events[i].data.ptr == &timer) (void)!read(timer, &(uint64_t){0}, sizeof(uint64_t));
      else {
        if (events[i].events & EPOLLOUT) flush(visitor);
        if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) listen_to(visitor);
        if (visitor->fd < 0) {
          free(visitor->unsent);
          free(visitor);
        }
      }
    }
  }
}
