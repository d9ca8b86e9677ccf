/* RTP packets to many: header, encryption, sendmmsg; those for one viewer in one message. Optional; fanout.py does the same in Python.
   libsrtp's protect comes as a pointer from the Python library, so nothing is linked. */
#define _GNU_SOURCE
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <errno.h>

#define BATCH 64
#define ROOM 1760
#define LARGEST 1600
#define TOGETHER 16          /* packets of one viewer in one message, where the kernel takes them so (UDP_SEGMENT) */
#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

typedef int (*protect_t)(void *session, void *packet, int *size);

struct row {                 /* 48 bytes, as fanout_c.py packs it */
    uint64_t session;
    uint32_t ssrc;
    uint32_t timestamp;
    uint16_t sequence;
    uint8_t type;
    uint8_t address_size;
    uint8_t address[28];
};

struct packet {              /* 24 bytes, the same; `rest` stands behind all of them */
    uint32_t index;
    uint32_t timestamp;
    uint32_t size;
    uint32_t at;
    uint8_t marker;
    uint8_t first;
    uint8_t unused[6];
};

union segment {
    struct cmsghdr head;
    char room[CMSG_SPACE(sizeof(uint16_t))];
};

static uint8_t packets[BATCH][ROOM];
static struct mmsghdr heads[BATCH];
static struct iovec parts[BATCH];
static union segment segments[BATCH];
static int apart;            /* the kernel, or a card on the way, does not take several in one */

static void put16(uint8_t *at, uint16_t v) { at[0] = v >> 8; at[1] = v; }
static void put32(uint8_t *at, uint32_t v) { at[0] = v >> 24; at[1] = v >> 16; at[2] = v >> 8; at[3] = v; }

/* One by one. */
static int singly(int socket, struct msghdr *head) {
    struct msghdr one = *head;
    int sent = 0;
    one.msg_iovlen = 1;
    one.msg_control = 0;
    one.msg_controllen = 0;
    for (size_t i = 0; i < head->msg_iovlen; i++) {
        one.msg_iov = head->msg_iov + i;
        sent += sendmsg(socket, &one, MSG_DONTWAIT) >= 0;
    }
    return sent;
}

static int flush(int socket, int ready) {
    int at = 0, sent = 0;
    while (at < ready) {
        int n = sendmmsg(socket, heads + at, ready - at, MSG_DONTWAIT);
        for (int i = 0; i < n; i++) sent += heads[at + i].msg_hdr.msg_iovlen;
        if (n > 0) at += n;
        else if (errno == EINTR) continue;
        else {               /* what cannot go together may go alone; else it is lost, and the next may have better luck */
            if (heads[at].msg_hdr.msg_iovlen > 1 && errno != EAGAIN) {
                apart |= errno == EIO || errno == EINVAL || errno == EOPNOTSUPP;
                sent += singly(socket, &heads[at].msg_hdr);
            }
            at += 1;
        }
    }
    return sent;
}

/* Adds the packet to the last message where both are for the same viewer and all before it are as long as the first. */
static int joins(struct msghdr *head, int size) {
    struct iovec *of = head->msg_iov;
    size_t many = head->msg_iovlen, first = of[0].iov_len;
    if (apart || many >= TOGETHER || of[many - 1].iov_len != first || (size_t)size > first) return 0;
    if (many == 1) {
        union segment *segment = &segments[of - parts];
        segment->head.cmsg_level = SOL_UDP;
        segment->head.cmsg_type = UDP_SEGMENT;
        segment->head.cmsg_len = CMSG_LEN(sizeof(uint16_t));
        *(uint16_t *)CMSG_DATA(&segment->head) = first;
        head->msg_control = segment;
        head->msg_controllen = sizeof *segment;
    }
    head->msg_iovlen = many + 1;
    return 1;
}

/* How many were sent, of `count` rows times `many` packets. */
int fan_out(int socket, protect_t protect, const struct row *rows, int count, const uint8_t *told, int many) {
    const struct packet *given = (const struct packet *)told;
    int sent = 0, messages = 0, used = 0;
    for (int i = 0; i < count; i++) {
        const struct row *row = rows + i;
        int fresh = 1;
        for (int j = 0; j < many; j++) {
            const struct packet *one = given + j;
            if (one->size > LARGEST - 12) continue;
            if (used == BATCH) { sent += flush(socket, messages); messages = used = 0; fresh = 1; }
            uint8_t *packet = packets[used];
            int size = 12 + one->size;
            packet[0] = one->first;
            packet[1] = one->marker | row->type;
            put16(packet + 2, (uint16_t)(one->index + row->sequence));
            put32(packet + 4, one->timestamp + row->timestamp);
            put32(packet + 8, row->ssrc);
            memcpy(packet + 12, told + one->at, one->size);
            if (protect((void *)(uintptr_t)row->session, packet, &size)) continue;
            parts[used].iov_base = packet;
            parts[used].iov_len = size;
            if (fresh || !joins(&heads[messages - 1].msg_hdr, size)) {
                struct msghdr *head = &heads[messages++].msg_hdr;
                memset(head, 0, sizeof *head);
                head->msg_name = (void *)row->address;
                head->msg_namelen = row->address_size;
                head->msg_iov = &parts[used];
                head->msg_iovlen = 1;
                fresh = 0;
            }
            used++;
        }
    }
    return sent + flush(socket, messages);
}
