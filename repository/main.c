/* kakehashi-repository: the Document Repositories of every community; `fsck` as its first word checks their store. */
#include "repository/fsck.h"
#include "repository/repository.h"

#include <string.h>

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "fsck") == 0)
        return fsck_main(argc, argv);
    return daemon_main(&repository_spec, argc, argv);
}
