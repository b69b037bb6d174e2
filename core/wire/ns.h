#pragma once
/*
 * Namespaces the simulator speaks. xml_parse interns every namespace it knows to these very pointers. The prefixes are
 * those our own writers use; a peer may use any.
 */

extern const char NS_SOAP12[]; /* env:   http://www.w3.org/2003/05/soap-envelope */
extern const char NS_SOAP11[]; /*        http://schemas.xmlsoap.org/soap/envelope/, only to refuse it */
extern const char NS_WSA[];    /* wsa:   http://www.w3.org/2005/08/addressing */
extern const char NS_XOP[];    /* xop:   http://www.w3.org/2004/08/xop/include */
extern const char NS_WSSE[];   /* wsse:  WS-Security 1.0 secext */
extern const char NS_RIM[];    /* rim:   urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0 */
extern const char NS_RS[];     /* rs:    …:rs:3.0 */
extern const char NS_LCM[];    /* lcm:   …:lcm:3.0 */
extern const char NS_QUERY[];  /* query: …:query:3.0 */
extern const char NS_XDS[];    /* xds:   urn:ihe:iti:xds-b:2007 */
extern const char NS_RMD[];    /* rmd:   urn:ihe:iti:rmd:2017 */
extern const char NS_IHERAD[]; /* iherad: urn:ihe:rad:xdsi-b:2009 */
extern const char NS_HL7[];    /* hl7:   urn:hl7-org:v3 */
extern const char NS_XCPD[];   /* xcpd:  urn:ihe:iti:xcpd:2009 */
extern const char NS_XSI[];    /* xsi:   http://www.w3.org/2001/XMLSchema-instance */
extern const char NS_XML[];    /* xml:   http://www.w3.org/XML/1998/namespace */

/* The interned pointer for a known URI, NULL for any other. */
const char *ns_known(const char *uri);
/* The prefix our writers use for it; NULL for a namespace that has none here. */
const char *ns_prefix(const char *uri);
