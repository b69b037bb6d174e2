#pragma once
/*
 * GET URL?wsdl of an endpoint: its transactions as WSDL 1.1, SOAP 1.2, document/literal, with the names of ITI TF-2:
 * Appendix W. Written from the rows, for code generators and test tools; messages are named, not described, since their
 * schemas are the standards' own.
 */

#include <stdbool.h>

struct http_request;
struct service;

bool wsdl_serves(const struct http_request *http);
void wsdl_reply(struct service *s, struct http_request *http);
