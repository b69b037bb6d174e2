#pragma once
/*
 * Inside the generator of documents (papers.h is its face): a kind of document is one row in paper_kinds.c and one file
 * paper_KIND.c; struct paper is one document, drawn from the seed, of which metadata and bytes are two views.
 */

#include "base/buf.h"
#include "model/document.h"
#include "wire/jis.h"
#include "world/paper_form.h"
#include "world/paper_tables.h"
#include "world/people.h"

#include <stdbool.h>
#include <time.h>

struct arena;
struct medication_list;
struct papers;
struct paper;
struct paper_page;

#define SIMULATED "【模擬データ】"

/* Which reference a document carries in its referenceIdList (ITI TF-3: 4.2.3.2.28). */
enum paper_reference { PAPER_NO_REFERENCE, PAPER_ORDER, PAPER_REFERRAL, PAPER_ACCESSION };

struct paper_kind {
    const char *id;
    unsigned items;    /* bits of enum shared_item: any of them makes a community have this kind */
    unsigned weight;   /* how often it is drawn; 0: only beside another */
    const char *title; /* without the mark */
    const char *class_code, *type_code, *format_code, *mime_type; /* of fixtures/codes/survey.json */
    const char *setting;                                          /* practiceSettingCode; NULL: the department's */
    enum paper_reference reference;
    bool is_inpatient; /* written during, or at the end of, a stay of days */
    bool is_signed;    /* has a legalAuthenticator */
    bool is_on_demand; /* made when it is asked for, from what there is then: has no time, hash or size */
    bool is_imaging;   /* its event codes name the modality */
    const char *form;  /* file of fixtures/documents; NULL: write makes it */
    enum paper_syntax syntax;
    void (*write)(struct arena *a, const struct paper *p, struct buf *out); /* NULL: the form is filled */
};

extern const struct paper_kind paper_kinds[];
extern const size_t paper_kind_count;

/* Rows whose place in the table the plan must know. */
unsigned paper_kind_find(const char *id);

/* What a row of paper_kinds says, with its codes and its form looked up. */
struct paper_stock {
    struct code *class_code, *type_code, *format_code, *setting;
    struct paper_form *form;
    struct paper_page *page;
};

struct papers {
    uint64_t seed;
    const struct jis *jis;
    struct paper_tables tables;
    struct paper_stock *stock; /* by kind */
    struct code **settings;    /* practiceSettingCode by department */
    struct code **modalities;  /* eventCodeList by study */
    struct code *confidentiality;
    struct code *hospital, *clinic, *pharmacy, *care;    /* healthcareFacilityTypeCode */
    unsigned basic, manifest, image, prescription, list; /* kinds the plan places, or looks for */
};

/* Moments in Japan's time, as documents print them. */
struct paper_time {
    time_t utc;
    int year, month, day, hour, minute, second; /* +09:00 */
};

#define PAPER_DISEASES  3
#define PAPER_MEDICINES 6

struct paper {
    const struct papers *papers;
    const struct community *community;
    const struct person *person;
    const struct paper_kind *kind;
    const struct paper_stock *stock;
    unsigned k, main_k; /* main_k: the manifest's of an image, else k */
    uint64_t stream;    /* everything drawn for this document comes from here */
    struct paper_time start, stop, created;
    const struct facility *facility, *recipient;
    const char *patient_id; /* in the facility, or in the region where the facility never saw the person */
    const char *patient_domain;
    const struct paper_department *department;
    const struct paper_disease *diseases[PAPER_DISEASES]; /* the first is what this document is about */
    unsigned disease_count;
    const struct paper_medicine *medicines[PAPER_MEDICINES];
    unsigned medicine_count;
    const struct paper_study *study;
    const struct paper_name *doctor_family, *doctor_given;
    unsigned doctor; /* number within the facility */
    unsigned age;    /* at start */
    char unique_id[65];
    const struct medication_list *list; /* of a medication list alone */
};

/* ---- drawing ---- */

/* Kinds of a person's documents in order; their number, below PAPERS_MAX. */
unsigned paper_plan(const struct papers *papers, const struct community *c, const struct person *person,
                    unsigned kinds[]);
void paper_draw(const struct papers *papers, const struct community *c, const struct person *person, unsigned k,
                struct paper *out);

/* A number below n (n > 0) that belongs to this document and this use. */
unsigned paper_pick(const struct paper *p, unsigned use, unsigned n);
/* The same for what belongs to the person, in whatever community and document. */
unsigned paper_person_pick(const struct paper *p, unsigned use, unsigned n);
/* The uses: what differs must not be drawn from one number. */
enum paper_use {
    USE_DAY = 1,
    USE_BLOOD,
    USE_TIME,
    USE_STAY,
    USE_DURATION,
    USE_PLACE,
    USE_ORDER,
    USE_STUDY,
    USE_DISEASE = 50,      /* and up */
    USE_PHRASE = 100,      /* and up: one for each list of phrases */
    USE_VALUE = 200,       /* and up: one for each measured value */
    USE_PLACES = 1000,     /* and up: one for each facility */
    USE_RECIPIENTS = 2000, /* and up */
    USE_DOCTOR = 3000,
};

/* Number of the order, and of the imaging study: 15 and 10 digits (SS-MIX2: オーダNo; DICOM: AccessionNumber). */
unsigned long long paper_order(const struct paper *p);
unsigned long long paper_accession(const struct paper *p);
/* Arcs behind a facility's OID: who hands out what. */
#define PAPER_ORDERS    ".1"
#define PAPER_STUDIES   ".2"
#define PAPER_STAFF     ".3"
#define PAPER_REFERRALS ".4"

/* Days since 1970-01-01. */
long paper_birth_day(const struct person *person);
/* M, F, O or U: HL7 v2's table 0001. */
const char *paper_gender_v2(const struct person *person);

struct paper_time paper_time_of(time_t utc);
/* Days since 1970-01-01 of a Gregorian date, and back (year, month and day alone are set). */
long paper_days_of(int year, int month, int day);
void paper_date_of(long days, struct paper_time *out);
/* What uniqueIds of documents, and of the submission sets they came with, begin with. */
#define PAPER_OIDS            "2.999.392.5."
#define PAPER_SUBMISSION_OIDS "2.999.392.6."
/* entryUUIDs of a submission: "urn:uuid:…" in the arena. */
enum paper_urn { PAPER_URN_SET = 1, PAPER_URN_DOCUMENT, PAPER_URN_MEMBER };
const char *paper_urn(struct arena *a, const struct community *c, uint64_t n, unsigned k, enum paper_urn part);
/* OIDs that belong to the document's uniqueId: study, series … (DICOM). */
void paper_uid(const struct paper *p, unsigned k, unsigned part, char out[65]);

/* Which keeps it, by the facility that wrote it; NULL where the community has none. */
const struct repository *paper_repository(const struct paper *p);
void paper_entry_fill(struct arena *a, const struct paper *p, struct document_entry *out);

/* ---- kinds with bytes of their own ---- */
void paper_kos_write(struct arena *a, const struct paper *p, struct buf *out);
void paper_image_write(struct arena *a, const struct paper *p, struct buf *out);
void paper_pdf_write(struct arena *a, const struct paper *p, struct buf *out);
MUST_CHECK enum rc paper_pdf_load(struct arena *a, const struct papers *papers, const char *path,
                                  struct paper_stock *stock);

/* ---- what forms may name: {{field}} and {{#rows}}…{{/rows}} ---- */
extern const struct paper_field paper_common_fields[], paper_clinical_fields[], paper_referral_fields[],
    paper_summary_fields[], paper_list_fields[], paper_ssmix2_fields[], paper_text_fields[], paper_pdf_fields[];
extern const struct paper_rows paper_row_sets[];
unsigned paper_infusion_rows(const struct paper *p);
unsigned paper_list_rows(const struct paper *p), paper_list_empty_rows(const struct paper *p),
    paper_list_unread_rows(const struct paper *p);

/* One of the phrases of a list, the same one for the same document. */
void pen_phrase(struct pen *pen, const struct paper *p, enum paper_phrase which);
