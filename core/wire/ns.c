#include "wire/ns.h"

#include "base/rc.h"

#include <string.h>

const char NS_SOAP12[] = "http://www.w3.org/2003/05/soap-envelope";
const char NS_SOAP11[] = "http://schemas.xmlsoap.org/soap/envelope/";
const char NS_WSA[] = "http://www.w3.org/2005/08/addressing";
const char NS_XOP[] = "http://www.w3.org/2004/08/xop/include";
const char NS_WSSE[] = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
const char NS_RIM[] = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0";
const char NS_RS[] = "urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0";
const char NS_LCM[] = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0";
const char NS_QUERY[] = "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0";
const char NS_XDS[] = "urn:ihe:iti:xds-b:2007";
const char NS_RMD[] = "urn:ihe:iti:rmd:2017";
const char NS_IHERAD[] = "urn:ihe:rad:xdsi-b:2009";
const char NS_HL7[] = "urn:hl7-org:v3";
const char NS_XCPD[] = "urn:ihe:iti:xcpd:2009";
const char NS_XSI[] = "http://www.w3.org/2001/XMLSchema-instance";
const char NS_XML[] = "http://www.w3.org/XML/1998/namespace";

struct ns_row {
    const char *uri;
    size_t len; /* few are equally long, so that a look-up compares about one */
    const char *prefix;
};

#define ROW(uri, prefix)                                                                                               \
    {                                                                                                                  \
        uri, sizeof(uri) - 1, prefix                                                                                   \
    }

static const struct ns_row rows[] = {
    ROW(NS_SOAP12, "env"), ROW(NS_SOAP11, NULL), ROW(NS_WSA, "wsa"), ROW(NS_XOP, "xop"),     ROW(NS_WSSE, "wsse"),
    ROW(NS_RIM, "rim"),    ROW(NS_RS, "rs"),     ROW(NS_LCM, "lcm"), ROW(NS_QUERY, "query"), ROW(NS_XDS, "xds"),
    ROW(NS_HL7, "hl7"),    ROW(NS_XCPD, "xcpd"), ROW(NS_XSI, "xsi"), ROW(NS_XML, "xml"),     ROW(NS_RMD, "rmd"),
    ROW(NS_IHERAD, "iherad"),
};

static const struct ns_row *row_find(const char *uri)
{
    size_t len = strlen(uri);

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (rows[i].len == len && memcmp(rows[i].uri, uri, len) == 0)
            return &rows[i];
    return NULL;
}

const char *ns_known(const char *uri)
{
    const struct ns_row *row = row_find(uri);

    return row == NULL ? NULL : row->uri;
}

const char *ns_prefix(const char *uri)
{
    const struct ns_row *row = row_find(uri);

    return row == NULL ? NULL : row->prefix;
}
