#pragma once
/*
 * Tells subscribers what waits for them (subscribers.h): ITI-10 by MLLP, ITI-46 by SOAP, each subscriber in the order
 * of the changes, one notification at a time. What is not taken is tried again, ever more slowly, until it is; what the
 * receiver refuses for good is kept aside, and does not hold up what comes after it. On a loop and thread of its own,
 * which begin with the first subscriber, so that a consumer that is slow to connect slows nobody.
 */

#include "base/rc.h"

struct daemon;
struct notifier;

MUST_CHECK enum rc notifier_start(struct daemon *d, struct notifier **out);
/* While the writer still runs. NULL is ignored. */
void notifier_stop(struct notifier *n);
/* Any thread: something was queued. Nothing happens while nobody has ever subscribed. */
void notifier_wake(struct notifier *n);
/* Any thread: a subscriber came or went. */
void notifier_subscribed(struct notifier *n);
