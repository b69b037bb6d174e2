#include "repository/store.h"

/* What refers to octets; ?1 or OLD.sha256 is their name. */
#define REFERENCES(name)                                                                                               \
    "SELECT 1 FROM document WHERE sha256 = " name " UNION ALL SELECT 1 FROM pending WHERE sha256 = " name              \
    " UNION ALL SELECT 1 FROM inbox_document WHERE sha256 = " name

/* The last row that refers to small octets takes them along. */
#define OCTETS_GO_WITH(table)                                                                                          \
    "CREATE TRIGGER IF NOT EXISTS octets_go_with_" table " AFTER DELETE ON " table                                     \
    " BEGIN DELETE FROM octets WHERE sha256 = OLD.sha256 AND NOT EXISTS (" REFERENCES("OLD.sha256") "); END;"

const char store_schema[] = "CREATE TABLE IF NOT EXISTS document ("
                            " repository TEXT NOT NULL,"
                            " unique_id TEXT NOT NULL,"
                            " sha1 TEXT NOT NULL,"
                            " sha256 TEXT NOT NULL,"
                            " size INTEGER NOT NULL,"
                            " mime_type TEXT NOT NULL,"
                            " PRIMARY KEY (repository, unique_id)) WITHOUT ROWID;"
                            "CREATE TABLE IF NOT EXISTS pending ("
                            " id INTEGER PRIMARY KEY,"
                            " repository TEXT NOT NULL,"
                            " unique_id TEXT NOT NULL,"
                            " sha1 TEXT NOT NULL,"
                            " sha256 TEXT NOT NULL,"
                            " size INTEGER NOT NULL,"
                            " mime_type TEXT NOT NULL);"
                            "CREATE INDEX IF NOT EXISTS pending_unique_id ON pending (repository, unique_id);"
                            "CREATE INDEX IF NOT EXISTS document_blob ON document (sha256);"
                            "CREATE INDEX IF NOT EXISTS pending_blob ON pending (sha256);"
                            "CREATE TABLE IF NOT EXISTS inbox ("
                            " id INTEGER PRIMARY KEY,"
                            " community TEXT NOT NULL,"
                            " received TEXT NOT NULL,"
                            " unique_id TEXT NOT NULL,"
                            " source_id TEXT NOT NULL,"
                            " patient_id TEXT,"
                            " title TEXT,"
                            " recipients TEXT,"
                            " limited INTEGER NOT NULL,"
                            " metadata BLOB NOT NULL);"
                            "CREATE INDEX IF NOT EXISTS inbox_community ON inbox (community, id);"
                            "CREATE TABLE IF NOT EXISTS removed_paper (unique_id TEXT PRIMARY KEY) WITHOUT ROWID;"
                            "CREATE TABLE IF NOT EXISTS medication_list ("
                            " community TEXT NOT NULL,"
                            " patient TEXT NOT NULL,"
                            " is_registered INTEGER NOT NULL,"
                            " PRIMARY KEY (community, patient)) WITHOUT ROWID;"
                            "CREATE TABLE IF NOT EXISTS inbox_document ("
                            " inbox INTEGER NOT NULL REFERENCES inbox (id),"
                            " unique_id TEXT NOT NULL,"
                            " title TEXT,"
                            " mime_type TEXT NOT NULL,"
                            " sha1 TEXT NOT NULL,"
                            " sha256 TEXT NOT NULL,"
                            " size INTEGER NOT NULL);"
                            "CREATE INDEX IF NOT EXISTS inbox_document_inbox ON inbox_document (inbox);"
                            "CREATE INDEX IF NOT EXISTS inbox_document_blob ON inbox_document (sha256);"
                            "CREATE TABLE IF NOT EXISTS octets ("
                            " sha256 TEXT PRIMARY KEY,"
                            " bytes BLOB NOT NULL);" OCTETS_GO_WITH("document") OCTETS_GO_WITH("pending")
                                OCTETS_GO_WITH("inbox_document");

const char store_blob_references[] = REFERENCES("?1") " LIMIT 1";
