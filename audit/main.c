/* kakehashi-audit: Audit Record Repository and Time Server of every community. */
#include "audit/audit.h"

int main(int argc, char **argv)
{
    return daemon_main(&audit_spec, argc, argv);
}
