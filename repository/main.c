/* kakehashi-repository: the Document Repositories of every community. */
#include "repository/repository.h"

int main(int argc, char **argv)
{
    return daemon_main(&repository_spec, argc, argv);
}
