/* kakehashi-pixmgr: PIX Manager and Patient Demographics Supplier of every community. */
#include "pixmgr/pixmgr.h"

int main(int argc, char **argv)
{
    return daemon_main(&pixmgr_spec, argc, argv);
}
