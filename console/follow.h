#pragma once
/* Followers of the journal: server-sent events (WHATWG HTML, section 9.2). */

struct ask;

/* What has come since the last time; something now and then also when nothing has. */
void follow_more(struct ask *ask);
