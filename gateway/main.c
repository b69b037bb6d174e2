/* kakehashi-gateway: the Initiating and Responding Gateways of every community. */
#include "gateway/gateway.h"

#include "actor/daemon.h"

int main(int argc, char **argv)
{
    const struct daemon_spec spec = {
        .name = "gateway",
        .transactions = gateway_transactions,
        .transaction_count = gateway_transaction_count,
        .has_spool = true, /* documents pass through from one peer to the other */
    };
    return daemon_main(&spec, argc, argv);
}
