/*
 * Asks, and measures the answers:
 *
 *   load <port> <request file> <connections> <requests> <milliseconds> <events> <ramp in us>
 *
 * Every connection asks again as soon as it is answered, until so many requests were made (0: no limit) or the time is
 * over (0: no limit); the connections begin `ramp` apart. `events` is what each answer must hold; 0 for an answer that
 * is no stream. An event is a "@T" with digits (CLOCK_MONOTONIC, ns) that are later than the last one's, so that a
 * dialect which repeats the whole text at its end counts it once. Where the request holds "@N" with digits, they count the
 * requests; connections share its bytes, so that this is for one of them. Prints `open` once every connection has had the
 * first byte of an answer, and at the end one line of JSON, times in us.
 */
#include "http.h"

struct asker {
  int fd;
  bool busy;
  size_t sent_bytes;
  struct message message;
  uint64_t asked, first;
  /** Events so far, the time in the last one, and how far a stamp has been read. */
  long events;
  uint64_t last, stamp;
  int matched;
};

/** Measured times in ns. */
struct times {
  uint64_t *all;
  size_t count, room;
};

static struct times answer_times, first_times, event_times;
static struct asker *askers;
static char *request;
static size_t request_length;
/** Where in the request it is counted. */
static char **counts;
static size_t count_places;
static int port, connections, poll_fd, opened;
static long requests, events_wanted, asked, answered, bad, events_seen;
static uint64_t began, ends;

static void note(struct times *times, uint64_t time) {
  if (times->count == times->room) {
    times->room = times->room ? times->room * 2 : 65536;
    times->all = realloc(times->all, times->room * sizeof *times->all);
  }
  times->all[times->count++] = time;
}

static int earlier(const void *left, const void *right) {
  uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
  return (a > b) - (a < b);
}

static double quantile(struct times *times, double part) {
  if (times->count == 0) return 0;
  return (double)times->all[(size_t)(part * (double)(times->count - 1))] / 1000;
}

static void print_times(const char *name, struct times *times) {
  qsort(times->all, times->count, sizeof *times->all, earlier);
  printf(",\"%s\":{\"p50\":%.1f,\"p99\":%.1f}", name, quantile(times, 0.5), quantile(times, 0.99));
}

static void connect_asker(struct asker *asker) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
  asker->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(asker->fd, (struct sockaddr *)&address, sizeof address) < 0) fail("connect");
  make_ready(asker->fd);
  epoll_ctl(poll_fd, EPOLL_CTL_ADD, asker->fd, &(struct epoll_event){.events = EPOLLIN, .data.ptr = asker});
}

static void watch_for(struct asker *asker, uint32_t events) {
  epoll_ctl(poll_fd, EPOLL_CTL_MOD, asker->fd, &(struct epoll_event){.events = events, .data.ptr = asker});
}

static void send_on(struct asker *asker) {
  ssize_t sent = send(asker->fd, request + asker->sent_bytes, request_length - asker->sent_bytes, 0);
  if (sent > 0) asker->sent_bytes += (size_t)sent;
  watch_for(asker, asker->sent_bytes < request_length ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

static void count_request(void) {
  char digits[STAMP_DIGITS + 1];
  if (count_places == 0) return;
  snprintf(digits, sizeof digits, "%0*ld", STAMP_DIGITS, asked);
  for (size_t i = 0; i < count_places; i++) memcpy(counts[i], digits, STAMP_DIGITS);
}

static void ask(struct asker *asker) {
  if ((requests > 0 && asked == requests) || (ends > 0 && now_ns() >= ends)) return;
  asked++;
  count_request();
  next_message(&asker->message);
  asker->busy = true;
  asker->sent_bytes = 0;
  asker->first = asker->last = 0;
  asker->events = asker->matched = 0;
  asker->asked = now_ns();
  ssize_t sent = send(asker->fd, request, request_length, 0);
  asker->sent_bytes = sent > 0 ? (size_t)sent : 0;
  if (asker->sent_bytes < request_length) watch_for(asker, EPOLLIN | EPOLLOUT);
}

static void settle(struct asker *asker, bool broken) {
  bool good = !broken && memcmp(asker->message.head, "HTTP/1.1 200", 12) == 0 && asker->first && asker->events == events_wanted;
  if (good) answered++;
  else if (bad++ == 0) fprintf(stderr, "%ld of %ld events, %.200s\n", asker->events, events_wanted, broken ? "broken off" : asker->message.head);
  if (bad > 100) fail("too many bad answers");
  note(&answer_times, now_ns() - asker->asked);
  asker->busy = false;
  if (broken || asker->message.closes) {
    close(asker->fd);
    connect_asker(asker);
  }
  ask(asker);
}

static void look_at(void *owner, const char *bytes, size_t length) {
  struct asker *asker = owner;
  uint64_t now = now_ns();
  if (!asker->first) {
    asker->first = now;
    note(&first_times, now - asker->asked);
    if (++opened == connections) {
      puts("open");
      fflush(stdout);
    }
  }
  if (events_wanted == 0) return;
  for (size_t i = 0; i < length; i++) {
    char byte = bytes[i];
    if (asker->matched >= 2 && byte >= '0' && byte <= '9') {
      asker->stamp = asker->stamp * 10 + (uint64_t)(byte - '0');
      if (++asker->matched < 2 + STAMP_DIGITS) continue;
      if (asker->stamp > asker->last) {
        asker->last = asker->stamp;
        asker->events++;
        events_seen++;
        note(&event_times, now - asker->stamp);
      }
      asker->matched = 0;
    } else if (byte == '@') {
      asker->matched = 1;
      asker->stamp = 0;
    } else if (byte == 'T' && asker->matched == 1) {
      asker->matched = 2;
    } else {
      asker->matched = 0;
      const char *next = memchr(bytes + i, '@', length - i);
      if (!next) return;
      i = (size_t)(next - bytes) - 1;
    }
  }
}

static void listen_to(struct asker *asker) {
  static char bytes[256 * 1024];
  ssize_t length = recv(asker->fd, bytes, sizeof bytes, 0);
  if (length < 0 && errno == EAGAIN) return;
  if (length <= 0 && !asker->busy) {
    close(asker->fd);
    return;
  }
  if (length <= 0) return settle(asker, asker->message.part != UNTIL_CLOSE);
  read_message(&asker->message, bytes, (size_t)length, false, look_at, asker);
  if (asker->message.part == WHOLE && asker->busy) settle(asker, false);
}

static void read_request(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) fail(path);
  fseek(file, 0, SEEK_END);
  request_length = (size_t)ftell(file);
  rewind(file);
  request = malloc(request_length);
  if (fread(request, 1, request_length, file) != request_length) fail(path);
  fclose(file);
  for (char *at = request; (at = memmem(at, request_length - (size_t)(at - request), "@N0", 3)); at += 2 + STAMP_DIGITS) {
    counts = realloc(counts, (count_places + 1) * sizeof *counts);
    counts[count_places++] = at + 2;
  }
}

static bool is_over(void) {
  return answered + bad == asked && ((requests > 0 && asked == requests) || (ends > 0 && now_ns() >= ends));
}

int main(int count, char **arguments) {
  if (count != 8) return fputs("load <port> <request file> <connections> <requests> <milliseconds> <events> <ramp>\n", stderr), 2;
  settle_in();
  port = atoi(arguments[1]);
  read_request(arguments[2]);
  connections = atoi(arguments[3]);
  requests = atol(arguments[4]);
  events_wanted = atol(arguments[6]);
  const uint64_t limit = strtoull(arguments[5], NULL, 10) * 1000000, ramp = strtoull(arguments[7], NULL, 10) * 1000;
  int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK), started = 0;
  poll_fd = epoll_create1(0);
  epoll_ctl(poll_fd, EPOLL_CTL_ADD, timer, &(struct epoll_event){.events = EPOLLIN, .data.ptr = &timer});
  askers = calloc((size_t)connections, sizeof *askers);
  for (int i = 0; i < connections; i++) connect_asker(&askers[i]);
  began = now_ns();
  ends = limit > 0 ? began + limit : 0;
  for (;;) {
    struct epoll_event events[MOST_EVENTS];
    while (started < connections && began + (uint64_t)started * ramp <= now_ns()) ask(&askers[started++]);
    if (is_over()) break;
    wake_at(timer, started < connections ? began + (uint64_t)started * ramp : ends > now_ns() ? ends : 0);
    int ready = epoll_wait(poll_fd, events, MOST_EVENTS, -1);
    for (int i = 0; i < ready; i++) {
      struct asker *asker = events[i].data.ptr;
      if (events[i].data.ptr == &timer) {
        (void)!read(timer, &(uint64_t){0}, sizeof(uint64_t));
        continue;
      }
      if (events[i].events & EPOLLOUT) send_on(asker);
      if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) listen_to(asker);
    }
  }
  printf("{\"answers\":%ld,\"bad\":%ld,\"events\":%ld,\"seconds\":%.6f", answered, bad, events_seen, (double)(now_ns() - began) / 1e9);
  print_times("answer", &answer_times);
  print_times("first", &first_times);
  print_times("event", &event_times);
  puts("}");
  return 0;
}
