/* kakehashi-gateway: the Initiating and Responding Gateways of every community. */
#include "gateway/gateway.h"

int main(int argc, char **argv)
{
    return daemon_main(&gateway_spec, argc, argv);
}
