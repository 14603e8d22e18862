// What a server written in C can do at best: the loop of our I/O thread and nothing else. It takes in
// up to 64 requests with one call, each with the kernel's stamp and the address that was asked, and
// answers them from that address with another, by a socket that receives nothing. No keys, no access
// rules, no counters, no clock of its own.
//
//   ntp-loop PORT SECONDS

#define _GNU_SOURCE
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 64, OCTETS = 1024, CONTROL = 192 };

struct slot {
  unsigned char request[OCTETS], reply[OCTETS];
  char received[CONTROL], sent[64];
  struct sockaddr_in6 from;
  struct iovec in, out;
};

static struct slot slots[BATCH];
static struct mmsghdr in[BATCH], out[BATCH];

static void put_time(unsigned char *at, const struct timespec *time) {
  uint32_t seconds = htonl((uint32_t)(time->tv_sec + 2208988800u));
  uint32_t fraction = htonl((uint32_t)(((uint64_t)time->tv_nsec << 32) / 1000000000u));
  memcpy(at, &seconds, 4);
  memcpy(at + 4, &fraction, 4);
}

// Builds the answer to the request in a slot; 0: there is none.
static int answer(struct slot *slot, struct msghdr *asked, int octets, struct msghdr *reply) {
  if (octets < 48 || (slot->request[0] & 7) != 3) return 0;
  struct timespec arrived, now;
  clock_gettime(CLOCK_REALTIME, &arrived);
  reply->msg_controllen = 0;
  for (struct cmsghdr *one = CMSG_FIRSTHDR(asked); one; one = CMSG_NXTHDR(asked, one)) {
    if (one->cmsg_level == SOL_SOCKET && one->cmsg_type == SCM_TIMESTAMPNS)
      memcpy(&arrived, CMSG_DATA(one), sizeof arrived);
    if (one->cmsg_level != IPPROTO_IP || one->cmsg_type != IP_PKTINFO) continue;
    // The outlet is bound to it.
    if (((struct in_pktinfo *)CMSG_DATA(one))->ipi_addr.s_addr == htonl(INADDR_LOOPBACK)) continue;
    reply->msg_controllen = CMSG_SPACE(sizeof(struct in_pktinfo));
    struct cmsghdr *echo = CMSG_FIRSTHDR(reply);
    *echo = *one;
    memcpy(CMSG_DATA(echo), CMSG_DATA(one), sizeof(struct in_pktinfo));
    ((struct in_pktinfo *)CMSG_DATA(echo))->ipi_ifindex = 0;
  }
  unsigned char *to = slot->reply;
  memset(to, 0, 48);
  to[0] = (slot->request[0] & 0x38) | 4;
  to[1] = 8;
  to[2] = slot->request[2];
  to[3] = 0xe8;
  memcpy(to + 12, "\x7f\x7f\x01\x00", 4);
  memcpy(to + 24, slot->request + 40, 8);
  put_time(to + 16, &arrived);
  put_time(to + 32, &arrived);
  clock_gettime(CLOCK_REALTIME, &now);
  put_time(to + 40, &now);
  slot->out.iov_len = 48;
  reply->msg_name = &slot->from;
  reply->msg_namelen = asked->msg_namelen;
  return 1;
}

static int serve(int fd, int outlet) {
  for (int i = 0; i < BATCH; i++) {
    in[i].msg_hdr.msg_namelen = sizeof slots[i].from;
    in[i].msg_hdr.msg_controllen = CONTROL;
  }
  int n = recvmmsg(fd, in, BATCH, MSG_DONTWAIT, 0), replies = 0;
  for (int i = 0; i < n; i++) {
    out[replies].msg_hdr.msg_iov = &slots[i].out;
    out[replies].msg_hdr.msg_control = slots[i].sent;
    replies += answer(&slots[i], &in[i].msg_hdr, in[i].msg_len, &out[replies].msg_hdr);
  }
  if (replies > 0) sendmmsg(outlet, out, replies, MSG_DONTWAIT);
  return n > 0;
}

// A socket of the same port, of which nobody is heard.
static int open_outlet(int port) {
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), on = 1;
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(port)};
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, (struct sockaddr *)&here, sizeof here)) return -1;
  here.sin_port = htons(9);
  return connect(fd, (struct sockaddr *)&here, sizeof here) ? -1 : fd;
}

int main(int words, char **word) {
  if (words != 3) return 2;
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), on = 1, octets = 1 << 20;
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(atoi(word[1]))};
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof octets);
  setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
  if (bind(fd, (struct sockaddr *)&here, sizeof here)) return perror("bind"), 1;
  int outlet = open_outlet(atoi(word[1]));
  if (outlet < 0) return perror("outlet"), 1;
  int epoll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN};
  epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
  for (int i = 0; i < BATCH; i++) {
    slots[i].in = (struct iovec){slots[i].request, OCTETS};
    slots[i].out = (struct iovec){slots[i].reply, 0};
    in[i].msg_hdr = (struct msghdr){.msg_name = &slots[i].from, .msg_iov = &slots[i].in,
                                    .msg_iovlen = 1, .msg_control = slots[i].received};
    out[i].msg_hdr = (struct msghdr){.msg_iovlen = 1};
  }
  puts("ready");
  fflush(stdout);
  for (time_t end = time(0) + atoi(word[2]); time(0) < end;) {
    epoll_wait(epoll, &event, 1, 500);
    for (int rounds = 0; rounds < 16 && serve(fd, outlet); rounds++);
  }
  return 0;
}
