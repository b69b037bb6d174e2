#include "registry/store.h"

/*
 * One row per object, what is read least last. A first version's lid is its uuid and stands once, as the uuid. Links
 * are by row id, so that their indexes grow at their ends.
 */
const char store_schema[] =
    "CREATE TABLE IF NOT EXISTS patient ("
    " id INTEGER PRIMARY KEY,"
    " community INTEGER NOT NULL,"
    " cx TEXT NOT NULL,"
    " surviving INTEGER REFERENCES patient(id)," /* NULL: itself */
    " UNIQUE (community, cx));"
    "CREATE INDEX IF NOT EXISTS patient_surviving ON patient (surviving) WHERE surviving IS NOT NULL;"
    /* Of those who were seeded, by their number from 0: whose rows are here (sleepers.h). */
    "CREATE TABLE IF NOT EXISTS awake ("
    " community INTEGER NOT NULL,"
    " person INTEGER NOT NULL,"
    " PRIMARY KEY (community, person)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS object ("
    " id INTEGER PRIMARY KEY,"
    " community INTEGER NOT NULL,"
    " kind INTEGER NOT NULL,"
    " uuid TEXT NOT NULL,"
    " lid TEXT," /* NULL: the uuid */
    " version INTEGER NOT NULL,"
    " unique_id TEXT,"
    " patient INTEGER REFERENCES patient(id),"
    " deprecated INTEGER NOT NULL DEFAULT 0,"
    " time TEXT,"
    " keys BLOB,"
    " status_at INTEGER NOT NULL,"
    " leaf BLOB NOT NULL,"
    " UNIQUE (community, uuid));"
    "CREATE INDEX IF NOT EXISTS object_lid ON object (community, lid) WHERE lid IS NOT NULL;"
    "CREATE INDEX IF NOT EXISTS object_unique_id ON object (community, unique_id) WHERE unique_id IS NOT NULL;"
    "CREATE INDEX IF NOT EXISTS object_patient ON object (patient, kind, time) WHERE patient IS NOT NULL;"
    "CREATE TABLE IF NOT EXISTS link ("
    " association INTEGER PRIMARY KEY REFERENCES object(id) ON DELETE CASCADE,"
    " type INTEGER NOT NULL,"
    " membership INTEGER NOT NULL,"
    " source INTEGER NOT NULL,"
    " target INTEGER NOT NULL);"
    "CREATE INDEX IF NOT EXISTS link_source ON link (source);"
    "CREATE INDEX IF NOT EXISTS link_target ON link (target);"
    /* What finds objects across patients (store_terms.c). No references: a check at deletion would need an index more.
     */
    "CREATE TABLE IF NOT EXISTS term ("
    " id INTEGER PRIMARY KEY,"
    " community INTEGER NOT NULL,"
    " key INTEGER NOT NULL,"
    " value TEXT NOT NULL,"
    " UNIQUE (community, key, value));"
    "CREATE TABLE IF NOT EXISTS posting ("
    " term INTEGER NOT NULL,"
    " object INTEGER NOT NULL,"
    " PRIMARY KEY (term, object)) WITHOUT ROWID;";
