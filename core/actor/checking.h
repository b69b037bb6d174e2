#pragma once
/*
 * Messages judged without a backbone: a daemon that neither listens nor keeps anything reads requests from its standard
 * input and says of each what it would have refused (kakehashi validate). The transaction's own code judges, up to the
 * point where it would write, ask its store or call a peer.
 *
 * In, for each message, a line and that many bytes behind it:
 *     LENGTH COMMUNITY ACTOR NUMBER DOOR CONTENT-TYPE
 * COMMUNITY and ACTOR are "-" where the message has to tell; DOOR is http or mllp.
 *
 * Out, a line of JSON each: taken (false: no transaction of this daemon), transaction, name, community, needsStore, and
 * findings: rule (or null), code, severity, place, text.
 */

struct daemon;

/* words: "ID=off|warn|error", NULL-terminated: rules weighed otherwise, for every community. The program's exit code.
 */
int checking_main(struct daemon *d, char *const *words);
