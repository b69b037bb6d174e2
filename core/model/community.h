#pragma once
/*
 * A community: one surveyed network as a live IHE community (docs/community-files.md). Read once at start from
 * fixtures/networks/KEY.json by world/world.c; constant afterwards.
 */

#include "model/code_set.h"
#include "model/rule.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct facility {
    const char *name;
    const char *kind;     /* hospital, clinic, dental, pharmacy, care, other */
    const char *oid;      /* facility patient-id domain 2.999.392.3.n.m */
    bool is_viewing_only; /* reads what others share and submits nothing; the first facility never is */
    struct facility *next;
};

struct repository {
    int number;            /* 1… ; path word "repository" is number 1, "repository/N" any */
    const char *unique_id; /* repositoryUniqueId 2.999.392.4.n.m */
    const char *name;
    struct repository *next;
};

struct rule_choice {
    enum rule rule;
    enum rule_weight weight;
    struct rule_choice *next;
};

/* The tick boxes of the survey's sheet. PROFILE_NONE: what no box stands for, and no lens takes away. */
enum profile {
    PROFILE_NONE,
    PROFILE_PIX, /* one box for PIX, PIXV3, PDQ and PDQV3 */
    PROFILE_XDS_B,
    PROFILE_XDS_I_B,
    PROFILE_XCA,
    PROFILE_XCA_I,
    PROFILE_XCPD,
    PROFILE_XDR,
    PROFILE_ATNA,
    PROFILE_CT,
    PROFILE_COUNT
};

enum mark { MARK_NOT_STATED, MARK_PLANNED, MARK_OPERATING }; /* blank, △, ○ */

/* --profiles: the weakest mark that still answers is the lens itself. */
enum lens { LENS_ALL = MARK_NOT_STATED, LENS_PLANNED = MARK_PLANNED, LENS_SURVEYED = MARK_OPERATING };

/* What the members of a network share, in the sheet's order. A set is bits: 1u << SHARED_REFERRAL. */
enum shared_item {
    SHARED_BASIC,             /* 患者基本情報 */
    SHARED_DISEASE,           /* 病名情報 */
    SHARED_REFERRAL,          /* 診療情報提供書 */
    SHARED_PROGRESS_NOTE,     /* 医師記録 */
    SHARED_SUMMARY,           /* サマリ */
    SHARED_OPERATION,         /* 手術記録 */
    SHARED_NURSING,           /* 看護記録 */
    SHARED_OTHER_DOCUMENT,    /* その他文書 */
    SHARED_PRESCRIPTION,      /* 処方オーダー */
    SHARED_INJECTION,         /* 注射オーダー */
    SHARED_LAB_ORDER,         /* 検体検査オーダー */
    SHARED_RADIOLOGY_ORDER,   /* 放射線検査オーダー */
    SHARED_ENDOSCOPY_ORDER,   /* 内視鏡検査オーダー */
    SHARED_PHYSIOLOGY_ORDER,  /* 生理検査オーダー */
    SHARED_DIET,              /* 食事オーダー */
    SHARED_LAB_RESULT,        /* 検体検査結果 */
    SHARED_PHYSIOLOGY_RESULT, /* 生理検査結果 */
    SHARED_IMAGE,             /* 画像 */
    SHARED_DISPENSE,          /* 調剤結果 */
    SHARED_OTHER,             /* その他 */
    SHARED_COUNT
};

/* Whose say a patient's consent covers; the strictest that the sheet offers. */
enum consent_model {
    CONSENT_NOT_STATED,
    CONSENT_IMPLIED,  /* by public notice, unless the patient objects */
    CONSENT_NETWORK,  /* one for all members */
    CONSENT_FACILITY, /* one for each facility */
    CONSENT_PHYSICIAN /* one for each physician */
};

/* What becomes of documents that are made when they are asked for (docs/repository.md): which are shared decides who
 * has any. */
enum on_demand {
    ON_DEMAND_NONE,
    ON_DEMAND_FRESH,    /* made anew at every retrieval, kept by nobody */
    ON_DEMAND_PERSISTED /* what was handed out is kept and registered as a snapshot */
};

/* How its initiating gateway finds who holds a patient (docs/gateways.md). */
enum locate { LOCATE_XCPD, LOCATE_PIX, LOCATE_PLQ };

struct community {
    int number;       /* n of the OIDs */
    const char *key;  /* "0035" */
    const char *slug; /* "oshidori" */
    const char *name, *name_romaji, *name_en;
    const char *home_community_id; /* "urn:oid:2.999.392.1.n" */
    const char *patient_id_domain; /* "2.999.392.2.n" */
    const char *prefecture, *region;
    struct facility *facilities;
    struct repository *repositories;
    enum locate locate;
    const char *locate_at;   /* key of the community whose PIX manager (LOCATE_PIX) or directory (LOCATE_PLQ) it asks */
    const char *gateway_at;  /* where its gateway is, "https://…", when it lives in another backbone; NULL: here */
    int deadline_ms;         /* how long others wait for its responding gateway; 0: as --call-timeout says */
    bool is_backbone;        /* owns the nationwide PIX domain, has no documents */
    const char *checks;      /* "strict", "lenient"; NULL: as --checks says */
    const char *codes_named; /* "any", "survey" or a file; NULL: as --codes says */
    struct rule_choice *rule_choices;
    const struct rule_weights *weights; /* checks and rule_choices together; NULL: strict */
    const struct code_set *codes;       /* NULL: any code goes */
    enum mark profiles[PROFILE_COUNT];
    unsigned shared_items; /* bits of enum shared_item; never 0 but at the backbone */
    enum consent_model consent;
    enum on_demand on_demand;
    const char *common_id; /* product of the common patient id, "ID-LINK, HumanBridge"; NULL: none, or not stated */
    long registered;       /* patients the survey counts; -1: it does not say */
    const struct community **linked; /* whom its gateway asks first, by linkages.json; ends with NULL, may be NULL */
};

struct world {
    struct community *communities; /* sorted by key */
    size_t count;
    enum lens lens; /* --profiles */
};

/* By key or slug; NULL if it does not live here. */
const struct community *world_find(const struct world *w, const char *key_or_slug);
/* By homeCommunityId, with or without "urn:oid:". */
const struct community *world_find_home(const struct world *w, const char *home);
/* By patient-id domain (regional or of a facility). */
const struct community *world_find_domain(const struct world *w, const char *oid);
const struct repository *community_repository(const struct community *c, int number);

/* All w->count communities: those that own is linked with, then the others in the world's order. */
const struct community **world_order(struct arena *a, const struct world *w, const struct community *own);

/* Does it have this profile under the world's lens? The backbone, which nobody surveyed, has all. */
bool community_has(const struct world *w, const struct community *c, enum profile profile);
/* "xcpd", "pix", "plq". */
const char *locate_word(enum locate way);
/* False: there is no such way. */
bool locate_find(const char *word, enum locate *out);
/* The member of a community's file that says whom it asks then, "pixAt"; NULL: it asks everybody. */
const char *locate_member(enum locate way);
const char *profile_name(enum profile profile);           /* as the sheet prints it: "PIX/PIXV3/PDQ/PDQV3" */
const char *mark_text(enum mark mark);                    /* "○", "△", "" */
const char *lens_name(enum lens lens);                    /* "surveyed" */
const char *shared_item_name(enum shared_item item);      /* word of the files: "labResult" */
const char *consent_model_name(enum consent_model model); /* "facility"; NULL when not stated */
