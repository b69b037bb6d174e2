#pragma once
/*
 * A thread that moves what is committed from the write-ahead log into the database while the connection that commits
 * goes on: for a connection that leaves it to this one (db_bulk, db_leave_checkpoints).
 */

#include "base/rc.h"

struct checkpointer;

/* The database must be there. */
MUST_CHECK enum rc checkpointer_start(const char *path, struct checkpointer **out);
/* After each commit, outside of transactions. Returns at once, but waits now and then, so that the log begins anew. */
void checkpointer_nudge(struct checkpointer *c);
/* Ends the thread; NULL is ignored. What is still in the log is for whoever opens the database next. */
void checkpointer_stop(struct checkpointer *c);
