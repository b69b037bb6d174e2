#pragma once
/* What HL7 v2.5 calls the segments and fields that the transactions here carry, for people. */

/* NULL: not one of these. */
const char *v2_segment_name(const char *segment);
const char *v2_field_name(const char *segment, int field);
