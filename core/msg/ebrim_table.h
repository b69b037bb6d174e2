#pragma once
/*
 * Where each attribute of the metadata lives, in the XML and in the struct (ITI TF-3: 4.2.3.2 to 4.2.3.4): one row
 * serves reading and writing alike. Rows stand in the schema's order of kinds, so that writing is walking. Private to
 * ebrim_*.c.
 */

#include <stddef.h>

enum ebrim_kind {
    EBRIM_ATTRIBUTE,   /* XML attribute ↔ text */
    EBRIM_CONSTANT,    /* XML attribute that is always `fixed` */
    EBRIM_SLOT,        /* Slot with one value ↔ text */
    EBRIM_SLOT_LIST,   /* Slot ↔ struct text_list */
    EBRIM_SLOT_PARTS,  /* Slot whose long text is cut into "1|…", "2|…" ↔ text */
    EBRIM_SLOT_OTHERS, /* every Slot that no other row names ↔ struct slot */
    EBRIM_LOCALIZED,   /* Name or Description ↔ text */
    EBRIM_VERSION,     /* VersionInfo/@versionName ↔ text */
    EBRIM_NODE,        /* the Classification that says what a RegistryPackage is */
    EBRIM_MARK,        /* a Classification that is there or not ↔ bool */
    EBRIM_AUTHORS,     /* Classifications ↔ struct author */
    EBRIM_CODE,        /* one Classification ↔ struct code */
    EBRIM_CODE_LIST,   /* Classifications ↔ struct code */
    EBRIM_EXTERNAL_ID, /* ExternalIdentifier/@value ↔ text; `fixed` is its Name */
    EBRIM_KIND_COUNT
};

struct ebrim_row {
    enum ebrim_kind kind;
    const char *key; /* attribute or slot name, element with prefix, or UUID of scheme or node */
    size_t offset;   /* of the struct's member */
    const char *fixed;
};

struct ebrim_class {
    const char *noun;    /* as texts to peers call it */
    const char *element; /* with prefix */
    const struct ebrim_row *rows;
    size_t count;
    size_t details; /* offset of the struct's struct xml_detail list */
};

/* The first row of each of these is the id. */
extern const struct ebrim_class ebrim_document, ebrim_submission_set, ebrim_folder, ebrim_association;
/* The slots of an author's Classification; has no id and no details of its own. */
extern const struct ebrim_class ebrim_author;

/* The row of a kind within first … last with this key; NULL if none. */
const struct ebrim_row *ebrim_row_find(const struct ebrim_class *c, enum ebrim_kind first, enum ebrim_kind last,
                                       const char *key);

/* "rim:Name" → "Name". */
const char *ebrim_local_name(const char *name);

#define EBRIM_OBJECT_TYPE "urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject:"
