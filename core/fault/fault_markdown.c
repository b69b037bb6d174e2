/* docs/faults.md: the table of kinds, and what a fault can be limited to. */
#include "base/buf.h"
#include "fault/fault.h"

static const char *const headings[FAULT_FAMILIES] = {
    [FAULT_NETWORK] = "Network · ネットワーク",
    [FAULT_TLS] = "TLS (handshakes of the daemon named by `--actor`; others: all) · TLS",
    [FAULT_HTTP] = "HTTP",
    [FAULT_SOAP] = "SOAP and WS-Addressing",
    [FAULT_MTOM] = "MTOM packages and documents · MTOM と文書",
    [FAULT_XDS] = "XDS and XCA: registries, repositories, gateways",
    [FAULT_HL7V3] = "HL7 v3",
    [FAULT_HL7V2] = "HL7 v2 (MLLP)",
    [FAULT_TIME] = "Time · 時刻",
};

static const char preamble[] =
    "# Faults\n\n"
    "What the daemons can be made to do wrong, on purpose. This page is printed from `core/fault/fault_kinds.c`.\n\n"
    "    kakehashi fault add latency ms=2000 jitter=500 --community 0035 --transaction ITI-18\n"
    "    kakehashi fault add xds-error code=XDSTooManyResults --actor registry --nth 3\n"
    "    kakehashi fault add hang --direction request --community 0035 --peer 0026 --after 10 --for 60\n"
    "    kakehashi fault use slow-registry\n"
    "    kakehashi fault list\n"
    "    kakehashi fault clear f2\n\n"
    "A fault strikes every message that fits all its limits. `fault list` counts those (matched) and the ones it "
    "struck\n"
    "(injected). Faults stay until they are cleared, also when a daemon restarts: they are kept in `DATA/faults.json`, "
    "which\n"
    "has the form of the sets below `fixtures/faults/`. A daemon takes the same text by `PUT /faults`, from the plain\n"
    "listener or with the user's certificate. Whatever was injected is said in the log, `injected: latency`.\n\n"
    "| limit | a message fits when |\n|---|---|\n"
    "| `--community ID,…` | it is of one of these communities (key or slug): for an answer the one that was asked, for "
    "a request the one that asks |\n"
    "| `--prefecture NAME` | its community is of this prefecture, as the survey writes it |\n"
    "| `--peer ID,…` | it is a request to one of these communities |\n"
    "| `--actor WORD` | its path has this word: registry, repository, recipient, pixmgr, initiating, responding |\n"
    "| `--transaction ITI-NN` | it is of this transaction |\n"
    "| `--direction answer\\|request` | it is an answer of a daemon, or a request that a daemon sends |\n"
    "| `--patient ID`, `--contains TEXT` | the text stands in it, or in the message it answers |\n"
    "| `--nth N`, `--every N`, `--times N` | it is the N-th that fits otherwise; each N-th; one of the first N that "
    "are struck |\n"
    "| `--probability P` | chance has it, P from 0 to 1; the same each time under one `--seed` |\n"
    "| `--after S`, `--for S` | so many seconds have passed since the fault was set; and for so many |\n";

static void add_parameters(struct buf *out, const struct fault_kind *kind)
{
    for (int i = 0; i < FAULT_PARAMETERS && kind->parameters[i].name != NULL; i++) {
        const struct fault_parameter *p = &kind->parameters[i];
        buf_printf(out, "%s`%s=%s`", i > 0 ? "<br>" : "", p->name, p->otherwise);
        if (p->type == FAULT_NUMBER)
            buf_printf(out, " %g … %g", p->min, p->max);
        for (const char *c = p->type == FAULT_CHOICE ? p->choices : ""; *c != '\0'; c++)
            buf_printf(out, "%s%s%c", c == p->choices ? " " : "", *c == '|' ? "\\" : "", *c);
    }
}

static const char *directions(unsigned sides)
{
    bool answers = (sides & (FAULT_SOAP_ANSWER | FAULT_MLLP_ANSWER)) != 0, requests = (sides & FAULT_SOAP_REQUEST) != 0;

    return answers && requests ? "answer, request" : requests ? "request" : answers ? "answer" : "connection";
}

void fault_markdown(struct buf *out)
{
    enum fault_family family = FAULT_FAMILIES;

    buf_add_text(out, preamble);
    for (size_t i = 0; i < fault_kind_count(); i++) {
        const struct fault_kind *kind = fault_kind_at(i);
        if (kind->family != family)
            buf_printf(out,
                       "\n## %s\n\n| kind | parameters, as they are when not given | strikes | what happens "
                       "|\n|---|---|---|---|\n",
                       headings[kind->family]);
        family = kind->family;
        buf_printf(out, "| %s | ", kind->name);
        add_parameters(out, kind);
        buf_printf(out, " | %s | %s<br>%s |\n", directions(kind->sides), kind->en, kind->ja);
    }
}
