/* kakehashi-console: the control API over the journals of all daemons. */
#include "console/console.h"

int main(int argc, char **argv)
{
    return daemon_main(&console_spec, argc, argv);
}
