#pragma once
/*
 * The XDS.b Document Repository: keeps documents, has their metadata registered, hands them out (ITI TF-1: 10). A
 * community has one or several, told apart by the path (repository, repository/2 …) and by repositoryUniqueId.
 */

#include "actor/daemon.h"
#include "actor/request.h"
#include "model/community.h"

extern const struct daemon_spec repository_spec;

/* What one message may name; each document takes a file descriptor for a while. */
#define DOCUMENTS_MAX 500

/* The repository that rq's path names; E_REFUSED with an issue when the community has none of that number. */
MUST_CHECK enum rc repository_of(struct request *rq, const struct repository **out);

/* transactions.c's rows */
enum rc iti41_provide_and_register(struct request *rq);
enum rc iti41_document_recipient(struct request *rq);
enum rc iti43_retrieve_document_set(struct request *rq);
enum rc iti86_remove_documents(struct request *rq);
enum rc rad69_retrieve_imaging_document_set(struct request *rq);
