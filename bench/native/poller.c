#include "poller.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef __linux__

#include <sys/epoll.h>

static int epoll_fd = -1;

static void control(int operation, int fd, unsigned int events)
{
    struct epoll_event event = {.events = events, .data.fd = fd};
    if (epoll_ctl(epoll_fd, operation, fd, &event) < 0) {
        perror("epoll_ctl");
        exit(1);
    }
}

void poller_open(void)
{
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_fd < 0) {
        perror("epoll_create1");
        exit(1);
    }
}

void poller_add(int fd) { control(EPOLL_CTL_ADD, fd, EPOLLIN); }

void poller_remove(int fd) { control(EPOLL_CTL_DEL, fd, 0); }

void poller_want_write(int fd, bool wanted)
{
    control(EPOLL_CTL_MOD, fd, wanted ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

int poller_wait(struct ready *found, int most, int milliseconds)
{
    static struct epoll_event events[POLLER_MAX];
    int count = epoll_wait(epoll_fd, events, most < POLLER_MAX ? most : POLLER_MAX, milliseconds);
    if (count < 0 && errno != EINTR) {
        perror("epoll_wait");
        exit(1);
    }
    for (int i = 0; i < count; i++) {
        found[i].fd = events[i].data.fd;
        found[i].readable = events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR);
        found[i].writable = events[i].events & EPOLLOUT;
    }
    return count < 0 ? 0 : count;
}

#else

#include <poll.h>

static struct pollfd watched[POLLER_MAX];
static int watched_count;

static struct pollfd *entry_of(int fd)
{
    for (int i = 0; i < watched_count; i++)
        if (watched[i].fd == fd)
            return &watched[i];
    return NULL;
}

void poller_open(void) { watched_count = 0; }

void poller_add(int fd)
{
    if (watched_count == POLLER_MAX) {
        fprintf(stderr, "too many connections\n");
        exit(1);
    }
    watched[watched_count++] = (struct pollfd){.fd = fd, .events = POLLIN};
}

void poller_remove(int fd)
{
    struct pollfd *entry = entry_of(fd);
    if (entry != NULL)
        *entry = watched[--watched_count];
}

void poller_want_write(int fd, bool wanted)
{
    struct pollfd *entry = entry_of(fd);
    if (entry != NULL)
        entry->events = wanted ? POLLIN | POLLOUT : POLLIN;
}

int poller_wait(struct ready *found, int most, int milliseconds)
{
    int count = 0;
    if (poll(watched, (nfds_t)watched_count, milliseconds) < 0 && errno != EINTR) {
        perror("poll");
        exit(1);
    }
    for (int i = 0; i < watched_count && count < most; i++) {
        short events = watched[i].revents;
        if (events == 0)
            continue;
        found[count].fd = watched[i].fd;
        found[count].readable = events & (POLLIN | POLLHUP | POLLERR);
        found[count].writable = events & POLLOUT;
        count++;
    }
    return count;
}

#endif
