#include "console/v2_names.h"

#include "base/rc.h"

#include <string.h>

#define FIELDS 40

static const struct {
    const char *segment, *name;
    const char *fields[FIELDS + 1]; /* by number */
} rows[] = {
    { "MSH",
      "Message Header",
      { [1] = "Field Separator",
        [2] = "Encoding Characters",
        [3] = "Sending Application",
        [4] = "Sending Facility",
        [5] = "Receiving Application",
        [6] = "Receiving Facility",
        [7] = "Date/Time Of Message",
        [8] = "Security",
        [9] = "Message Type",
        [10] = "Message Control ID",
        [11] = "Processing ID",
        [12] = "Version ID",
        [13] = "Sequence Number",
        [14] = "Continuation Pointer",
        [15] = "Accept Acknowledgment Type",
        [16] = "Application Acknowledgment Type",
        [17] = "Country Code",
        [18] = "Character Set",
        [19] = "Principal Language Of Message",
        [20] = "Alternate Character Set Handling Scheme",
        [21] = "Message Profile Identifier" } },
    { "EVN",
      "Event Type",
      { [1] = "Event Type Code",
        [2] = "Recorded Date/Time",
        [3] = "Date/Time Planned Event",
        [4] = "Event Reason Code",
        [5] = "Operator ID",
        [6] = "Event Occurred",
        [7] = "Event Facility" } },
    { "PID",
      "Patient Identification",
      { [1] = "Set ID",
        [2] = "Patient ID",
        [3] = "Patient Identifier List",
        [4] = "Alternate Patient ID",
        [5] = "Patient Name",
        [6] = "Mother's Maiden Name",
        [7] = "Date/Time of Birth",
        [8] = "Administrative Sex",
        [9] = "Patient Alias",
        [10] = "Race",
        [11] = "Patient Address",
        [12] = "County Code",
        [13] = "Phone Number - Home",
        [14] = "Phone Number - Business",
        [15] = "Primary Language",
        [16] = "Marital Status",
        [17] = "Religion",
        [18] = "Patient Account Number",
        [19] = "SSN Number",
        [24] = "Multiple Birth Indicator",
        [25] = "Birth Order",
        [29] = "Patient Death Date and Time",
        [30] = "Patient Death Indicator",
        [31] = "Identity Unknown Indicator",
        [33] = "Last Update Date/Time",
        [34] = "Last Update Facility" } },
    { "MRG",
      "Merge Patient Information",
      { [1] = "Prior Patient Identifier List", [4] = "Prior Patient ID", [7] = "Prior Patient Name" } },
    { "PV1",
      "Patient Visit",
      { [1] = "Set ID",
        [2] = "Patient Class",
        [3] = "Assigned Patient Location",
        [7] = "Attending Doctor",
        [8] = "Referring Doctor",
        [19] = "Visit Number" } },
    { "QPD", "Query Parameter Definition", { [1] = "Message Query Name", [2] = "Query Tag", [3] = "Parameters" } },
    { "RCP", "Response Control Parameter", { [1] = "Query Priority", [2] = "Quantity Limited Request" } },
    { "QAK",
      "Query Acknowledgment",
      { [1] = "Query Tag", [2] = "Query Response Status", [3] = "Message Query Name", [4] = "Hit Count" } },
    { "MSA",
      "Message Acknowledgment",
      { [1] = "Acknowledgment Code", [2] = "Message Control ID", [3] = "Text Message" } },
    { "ERR",
      "Error",
      { [1] = "Error Code and Location",
        [2] = "Error Location",
        [3] = "HL7 Error Code",
        [4] = "Severity",
        [5] = "Application Error Code",
        [6] = "Application Error Parameter",
        [7] = "Diagnostic Information",
        [8] = "User Message" } },
    { "DSC", "Continuation Pointer", { [1] = "Continuation Pointer", [2] = "Continuation Style" } },
};

const char *v2_segment_name(const char *segment)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (strcmp(rows[i].segment, segment) == 0)
            return rows[i].name;
    }
    return NULL;
}

const char *v2_field_name(const char *segment, int field)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (strcmp(rows[i].segment, segment) == 0)
            return field >= 1 && field <= FIELDS ? rows[i].fields[field] : NULL;
    }
    return NULL;
}
