/* One RTP packet to many: header, encryption, sendmmsg. Optional; fanout.py does the same in Python.
   libsrtp's protect comes as a pointer from the Python library, so nothing is linked. */
#define _GNU_SOURCE
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <errno.h>

#define BATCH 64
#define ROOM 1760
#define LARGEST 1600

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

static uint8_t packets[BATCH][ROOM];
static struct mmsghdr heads[BATCH];
static struct iovec parts[BATCH];

static void put16(uint8_t *at, uint16_t v) { at[0] = v >> 8; at[1] = v; }
static void put32(uint8_t *at, uint32_t v) { at[0] = v >> 24; at[1] = v >> 16; at[2] = v >> 8; at[3] = v; }

static int flush(int socket, int ready) {
    int at = 0, sent = 0;
    while (at < ready) {
        int n = sendmmsg(socket, heads + at, ready - at, MSG_DONTWAIT);
        if (n > 0) { at += n; sent += n; }
        else if (errno == EINTR) continue;
        else at += 1;        /* this one is lost; the next may have better luck */
    }
    return sent;
}

/* How many were sent. */
int fan_out(int socket, protect_t protect, const struct row *rows, int count, int marker, uint32_t index,
            uint32_t timestamp, int extended, const uint8_t *rest, int rest_size) {
    int sent = 0, ready = 0;
    if (rest_size < 0 || rest_size > LARGEST - 12) return 0;
    for (int i = 0; i < count; i++) {
        const struct row *row = rows + i;
        uint8_t *packet = packets[ready];
        int size = 12 + rest_size;
        packet[0] = extended ? 0x90 : 0x80;
        packet[1] = marker | row->type;
        put16(packet + 2, (uint16_t)(index + row->sequence));
        put32(packet + 4, timestamp + row->timestamp);
        put32(packet + 8, row->ssrc);
        memcpy(packet + 12, rest, rest_size);
        if (protect((void *)(uintptr_t)row->session, packet, &size)) continue;
        parts[ready].iov_base = packet;
        parts[ready].iov_len = size;
        memset(&heads[ready], 0, sizeof heads[ready]);
        heads[ready].msg_hdr.msg_name = (void *)row->address;
        heads[ready].msg_hdr.msg_namelen = row->address_size;
        heads[ready].msg_hdr.msg_iov = &parts[ready];
        heads[ready].msg_hdr.msg_iovlen = 1;
        if (++ready == BATCH) { sent += flush(socket, ready); ready = 0; }
    }
    return sent + flush(socket, ready);
}
