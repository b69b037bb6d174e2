#pragma once
/*
 * Messages judged without a backbone: a daemon that does not listen reads messages from its standard input and says of
 * each what it would have refused (kakehashi validate). The transaction's own code judges requests, up to the point
 * where it would write, ask its store or call a peer; checking_answer.h answers.
 *
 * In, for each message, a line and that many bytes behind it:
 *     LENGTH COMMUNITY ACTOR NUMBER DOOR CONTENT-TYPE
 * COMMUNITY and ACTOR are "-" where the message has to tell; DOOR is http, mllp, or answer: one of HTTP, which is known
 * to be no request.
 *
 * Out, a line of JSON each: taken (false: no transaction of this daemon), transaction, name, community, needsStore (it
 * was judged as far as that is possible without what the daemon keeps), and findings: rule and section (or null), code,
 * severity, place, text, and what is asked in English and Japanese.
 */

struct daemon;

/* words: "ID=off|warn|error", NULL-terminated: rules weighed otherwise, for every community. The program's exit code.
 */
int checking_main(struct daemon *d, char *const *words);
