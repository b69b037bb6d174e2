/*
 * The manifest of an imaging study: a DICOM Key Object Selection document (PS3.3: A.35.4, TID 2010) titled "Manifest",
 * as XDS-I.b registers it. It refers to the one image of the study, which is the document behind it, in the repository
 * of the manifest itself.
 */
#include "world/paper_dicom.h"

#include "msg/dicom_objects.h"
#include "wire/dicom.h"

void paper_kos_write(struct arena *a UNUSED, const struct paper *p, struct buf *out)
{
    const struct repository *r = paper_repository(p);
    struct paper_dicom d;

    paper_dicom_init(&d, p, out);
    paper_dicom_head(&d, "マニフェスト" SIMULATED);
    dicom_sequence(out, DICOM_ReferencedPerformedProcedureStepSequence);
    dicom_end_sequence(out);
    paper_dicom_patient(&d);
    paper_dicom_study(&d, "2");
    dicom_manifest_content(out,
                           &(struct dicom_evidence){ .study = d.study,
                                                     .series = d.image_series,
                                                     .image = d.image,
                                                     .location = r != NULL ? r->unique_id : p->facility->oid },
                           SIMULATED " simulated data, no real patient");
}
