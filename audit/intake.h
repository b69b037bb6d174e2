#pragma once
/*
 * Records on their way to disk: what a loop takes in one turn is one batch, which the writer keeps in one savepoint of
 * its group commit. While batches wait for the disk nothing more is read from connections; datagrams that come then
 * are lost, and counted.
 */

#include "actor/daemon.h"
#include "net/syslog_server.h"

struct intake;

/* busy(user, true) when nothing more should be read, busy(user, false) when it may go on. */
struct intake *intake_new(struct service *s, void (*busy)(void *user, bool is_busy), void *user);
void intake_add(struct intake *in, const struct syslog_record *r);
/* Datagrams come whether or not anybody has time. */
bool intake_is_busy(const struct intake *in);
void intake_lost(struct intake *in);
uint64_t intake_lost_count(const struct intake *in);
/* What was added goes to the writer now; s->live counts what is not on disk. */
void intake_flush(struct intake *in);
