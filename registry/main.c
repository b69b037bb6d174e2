/* kakehashi-registry: the Document Registry of every community. */
#include "registry/registry.h"

int main(int argc, char **argv)
{
    return daemon_main(&registry_spec, argc, argv);
}
