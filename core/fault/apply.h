#pragma once
/* What the rows of fault_kinds.c do to an outgoing message. For core/fault only. */

struct fault;
struct outgoing;

typedef void fault_apply(struct outgoing *o, const struct fault *f);

/* apply_wire.c */
fault_apply apply_latency, apply_hang, apply_reset, apply_truncate, apply_drip, apply_nothing;
fault_apply apply_http_status, apply_http_length, apply_http_no_length, apply_http_type, apply_http_page,
    apply_http_empty;
fault_apply apply_clock_skew;
/* apply_soap.c */
fault_apply apply_soap_fault, apply_soap_relates_to, apply_soap_no_relates_to, apply_soap_action, apply_soap_no_action,
    apply_soap_message_id, apply_soap_malformed, apply_soap_version11, apply_soap_no_body, apply_soap_doctype,
    apply_soap_wrong_body, apply_soap_must_understand, apply_soap_namespace;
/* apply_mtom.c */
fault_apply apply_mtom_missing_part, apply_mtom_content_id, apply_mtom_inline, apply_mtom_boundary,
    apply_mtom_extra_part, apply_mtom_plain, apply_mtom_start, apply_mtom_document, apply_mtom_short;
/* apply_xds.c */
fault_apply apply_xds_error, apply_xds_partial, apply_xds_hash, apply_xds_size, apply_xds_repository, apply_xds_home,
    apply_xds_no_home, apply_xds_duplicates, apply_xds_patient, apply_xds_empty, apply_xds_unique_id, apply_xds_status;
/* apply_hl7v3.c */
fault_apply apply_hl7v3_ack, apply_hl7v3_query, apply_hl7v3_patient, apply_hl7v3_target, apply_hl7v3_twice,
    apply_hl7v3_nobody;
/* apply_hl7v2.c */
fault_apply apply_hl7v2_id, apply_hl7v2_ack, apply_hl7v2_charset, apply_hl7v2_no_start, apply_hl7v2_no_end,
    apply_hl7v2_twice, apply_hl7v2_no_msh, apply_hl7v2_delimiters, apply_hl7v2_type;

/* apply_syslog.c */
fault_apply apply_syslog_length, apply_syslog_drop, apply_syslog_twice, apply_syslog_cut, apply_syslog_garbage;
fault_apply apply_sntp_unsynchronized, apply_sntp_kiss;

/* The clock of an HL7 message, by o->shift_s; apply_wire.c asks for it. */
void shift_hl7v2(struct outgoing *o);
void shift_hl7v3(struct outgoing *o);
/* The same of an SNTP packet. */
void shift_sntp(struct outgoing *o);
