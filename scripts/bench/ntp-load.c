// Asks one NTP server as fast as it answers, or at a steady pace, and says what came back.
//
//   ntp-load flood  PORT FILE LENGTH COUNT SECONDS PIDS
//   ntp-load paced  PORT FILE LENGTH COUNT SECONDS RATE PHASE
//
// FILE holds COUNT requests of LENGTH octets, each with a transmit timestamp of its own that ends in
// its number (16 bits). flood keeps all of them under way, and prints replies, wrong and lost ones, the
// seconds, and the CPU nanoseconds that the processes PIDS (comma-separated) spent meanwhile. paced
// sends RATE a second for SECONDS, or until SIGTERM, each when a part PHASE (0 up to 1) of the time from
// one to the next has passed, by a clock that all share, so that two do not meet. Then it prints a line
// for each reply: when the request left (ns since 1970) and how long the answer took (ns), by the
// kernel's stamp of its arrival; then "lost N". It stands for a client elsewhere, which no work of the
// server holds up: so it takes a real-time priority, where it may, and is silent until it ends.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 64, OCTETS = 128, COUNT_MAX = 4096, SECONDS_MAX = 120, TAKEN_MAX = 1 << 20 };
#define SECOND 1000000000LL

static unsigned char requests[COUNT_MAX][OCTETS], replies[BATCH][OCTETS];
static char underway[COUNT_MAX];
static int64_t left_at[COUNT_MAX];
static int count, length, fd;
static int64_t left_of[TAKEN_MAX], took[TAKEN_MAX];
static long taken;
static volatile sig_atomic_t stopped;

static int64_t now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * SECOND + time.tv_nsec;
}

// CPU time of all threads of the processes in a list such as "12,13".
static int64_t cpu(const char *list) {
  int64_t sum = 0;
  char copy[256], path[600];
  snprintf(copy, sizeof copy, "%s", list);
  for (char *pid = strtok(copy, ","); pid; pid = strtok(0, ",")) {
    snprintf(path, sizeof path, "/proc/%s/task", pid);
    DIR *tasks = opendir(path);
    struct dirent *task;
    while (tasks && (task = readdir(tasks))) {
      snprintf(path, sizeof path, "/proc/%s/task/%s/schedstat", pid, task->d_name);
      FILE *file = task->d_name[0] == '.' ? 0 : fopen(path, "r");
      long long spent;
      if (file && fscanf(file, "%lld", &spent) == 1) sum += spent;
      if (file) fclose(file);
    }
    if (tasks) closedir(tasks);
  }
  return sum;
}

// The number of the request that this answers; -1: it is no answer to any.
static int answered(const unsigned char *reply, int octets) {
  // A server that is just starting answers too, as one without time: with the same effort.
  if (octets != length || (reply[0] & 7) != 4 || !(reply[40] | reply[41])) return -1;
  int number = reply[30] << 8 | reply[31];
  if (number >= count || memcmp(reply + 24, requests[number] + 40, 8)) return -1;
  return number;
}

static void start(int port, const char *path) {
  FILE *file = fopen(path, "rb");
  for (int i = 0; i < count; i++)
    if (!file || fread(requests[i], 1, length, file) != (size_t)length) {
      fprintf(stderr, "%s does not hold %d requests of %d octets\n", path, count, length);
      exit(1);
    }
  fclose(file);
  int octets = 4 << 20;
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(port)};
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof octets);
  setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &octets, sizeof octets);
  if (connect(fd, (struct sockaddr *)&server, sizeof server)) {
    perror("connect");
    exit(1);
  }
}

static void flood(double seconds, const char *pids) {
  struct mmsghdr out[BATCH] = {0}, in[BATCH] = {0};
  struct iovec from[BATCH], to[BATCH];
  for (int i = 0; i < BATCH; i++) {
    to[i] = (struct iovec){replies[i], OCTETS};
    out[i].msg_hdr = (struct msghdr){.msg_iov = &from[i], .msg_iovlen = 1};
    in[i].msg_hdr = (struct msghdr){.msg_iov = &to[i], .msg_iovlen = 1};
  }
  int idle[COUNT_MAX], idles = 0;
  for (int i = 0; i < count; i++) idle[idles++] = i;
  long replied = 0, wrong = 0, lost = 0;
  // The first tenth is for both sides to get into their stride.
  int64_t begin = now(CLOCK_MONOTONIC), measure = begin + seconds * SECOND / 10;
  int64_t end = begin + seconds * SECOND, last = begin, before = 0, time;
  while ((time = now(CLOCK_MONOTONIC)) < end) {
    if (!before && time >= measure) {
      replied = wrong = lost = 0;
      begin = time;
      before = cpu(pids);
    }
    while (idles > 0) {
      int n = idles < BATCH ? idles : BATCH;
      for (int i = 0; i < n; i++) from[i] = (struct iovec){requests[idle[idles - 1 - i]], length};
      int sent = sendmmsg(fd, out, n, 0);
      if (sent <= 0) break;
      for (int i = 0; i < sent; i++) underway[idle[--idles]] = 1;
    }
    int n = recvmmsg(fd, in, BATCH, 0, 0);
    if (n > 0) last = time;
    for (int i = 0; i < n; i++) {
      int number = answered(replies[i], in[i].msg_len);
      if (number < 0 || !underway[number]) {
        wrong++;
        continue;
      }
      underway[number] = 0;
      idle[idles++] = number;
      replied++;
    }
    if (time - last < SECOND / 2) continue;
    for (int i = 0; i < count; i++)
      if (underway[i]) {
        underway[i] = 0;
        idle[idles++] = i;
        lost++;
      }
    last = time;
  }
  printf("{\"replies\":%ld,\"wrong\":%ld,\"lost\":%ld,\"seconds\":%.6f,\"cpu\":%lld}\n", replied, wrong,
         lost, (now(CLOCK_MONOTONIC) - begin) / 1e9, (long long)(cpu(pids) - before));
}

// Takes in one answer; 0 if none waits.
static int take(void) {
  unsigned char reply[OCTETS];
  char control[128];
  struct iovec to = {reply, sizeof reply};
  struct msghdr message = {.msg_iov = &to, .msg_iovlen = 1, .msg_control = control,
                           .msg_controllen = sizeof control};
  int octets = recvmsg(fd, &message, MSG_DONTWAIT);
  if (octets < 0) return 0;
  int number = answered(reply, octets);
  struct cmsghdr *stamp = CMSG_FIRSTHDR(&message);
  if (number < 0 || !underway[number] || !stamp) return 1;
  struct timespec arrived;
  memcpy(&arrived, CMSG_DATA(stamp), sizeof arrived);
  underway[number] = 0;
  if (taken == TAKEN_MAX) return 1;
  left_of[taken] = left_at[number];
  took[taken++] = arrived.tv_sec * SECOND + arrived.tv_nsec - left_at[number];
  return 1;
}

static void stop(int signal) {
  (void)signal;
  stopped = 1;
}

static void paced(double seconds, double rate, double phase) {
  int on = 1;
  struct sched_param first = {.sched_priority = 50};
  sched_setscheduler(0, SCHED_FIFO, &first);
  signal(SIGTERM, stop);
  setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  long lost = 0, total = seconds * rate;
  int64_t period = SECOND / rate;
  int64_t begin = (now(CLOCK_MONOTONIC) / period + 1) * period + (int64_t)(phase * period);
  for (long i = 0; i < total && !stopped; i++) {
    int64_t due = begin + i * period, left;
    while ((left = due - now(CLOCK_MONOTONIC)) > 0) {
      struct pollfd reads = {.fd = fd, .events = POLLIN};
      struct timespec wait = {.tv_sec = left / SECOND, .tv_nsec = left % SECOND};
      if (ppoll(&reads, 1, &wait, 0) > 0)
        while (take());
    }
    int number = i % count;
    lost += underway[number];
    underway[number] = 1;
    left_at[number] = now(CLOCK_REALTIME);
    if (send(fd, requests[number], length, 0) != length) underway[number] = 0, lost++;
  }
  usleep(200000);
  while (take());
  for (int i = 0; i < count; i++) lost += underway[i];
  for (long i = 0; i < taken; i++) printf("%lld %lld\n", (long long)left_of[i], (long long)took[i]);
  printf("lost %ld\n", lost);
}

int main(int words, char **word) {
  if (words != 8 && words != 9) return 2;
  length = atoi(word[4]);
  count = atoi(word[5]);
  double seconds = atof(word[6]);
  if (length < 48 || length > OCTETS || count < 1 || count > COUNT_MAX || seconds > SECONDS_MAX) return 2;
  start(atoi(word[2]), word[3]);
  if (!strcmp(word[1], "flood")) flood(seconds, word[7]);
  else paced(seconds, atof(word[7]), words == 9 ? atof(word[8]) : 0);
  return 0;
}
