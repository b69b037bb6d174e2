#include "cli/ports.h"
#include "tests/unit/cli/cli_test.h"

#include "base/config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct config *config_with(struct arena *a, const char *ports)
{
    struct config *c = config_default(a);

    assert_int_equal(config_set(c, CONFIG_PORTS, ports), OK);
    return c;
}

/* A listener on loopback, as a daemon makes one (shares) or as any other program does. -1 when it may not. */
static int listener(int port, bool shares)
{
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)port),
                              .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int fd = socket(AF_INET, SOCK_STREAM, 0), yes = 1;

    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (shares)
        setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof(yes));
    if (bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0 && listen(fd, 8) == 0)
        return fd;
    close(fd);
    return -1;
}

static bool answers(int port)
{
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)port),
                              .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool connected = connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0;

    close(fd);
    return connected;
}

static void test_auto_takes_different_ports(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct ports p, q;

    assert_int_equal(ports_take(config_with(a, "auto"), &p), OK);
    assert_int_equal(ports_take(config_with(a, "auto"), &q), OK);
    int all[] = { p.control,
                  p.tls[0],
                  p.tls[1],
                  p.tls[2],
                  p.tls[3],
                  p.plain[0],
                  p.plain[1],
                  p.plain[2],
                  p.plain[3],
                  q.control,
                  q.tls[0],
                  q.tls[1],
                  q.tls[2],
                  q.tls[3],
                  q.plain[0],
                  q.plain[1],
                  q.plain[2],
                  q.plain[3],
                  p.mllp_tls[FLEET_REGISTRY],
                  p.mllp_plain[FLEET_REGISTRY],
                  q.mllp_tls[FLEET_REGISTRY],
                  q.mllp_plain[FLEET_REGISTRY] };
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        assert_int_not_equal(all[i], 0);
        for (size_t j = 0; j < i; j++)
            assert_int_not_equal(all[i], all[j]);
    }
    ports_release(&p);
    ports_release(&q);
    arena_free(a);
}

static void test_a_held_port_is_for_daemons_and_for_nobody_else(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct ports p;

    assert_int_equal(ports_take(config_with(a, "auto"), &p), OK);
    assert_int_equal(listener(p.tls[FLEET_REGISTRY], false), -1);
    assert_false(answers(p.tls[FLEET_REGISTRY]));
    for (int life = 0; life < 2; life++) { /* the second is a restarted daemon's, after a connection of the first */
        int daemon = listener(p.tls[FLEET_REGISTRY], true);
        assert_true(daemon >= 0);
        assert_true(answers(p.tls[FLEET_REGISTRY]));
        close(daemon);
    }
    ports_release(&p);
    arena_free(a);
}

/* A base whose ports are free. */
static int free_base(struct arena *a)
{
    struct ports p;

    for (int base = 20011; base < 60000; base += 17) {
        if (ports_take(config_with(a, arena_printf(a, "%d", base)), &p) == OK) {
            ports_release(&p);
            return base;
        }
    }
    fail_msg("no free ports in a row");
    return 0;
}

static void test_a_base_gives_the_documented_order(void **state UNUSED)
{
    struct arena *a = arena_new();
    int base = free_base(a);
    struct ports p;

    assert_int_equal(ports_take(config_with(a, arena_printf(a, "%d", base)), &p), OK);
    assert_int_equal(p.control, base);
    assert_int_equal(p.tls[FLEET_REGISTRY], base + 1);
    assert_int_equal(p.plain[FLEET_REGISTRY], base + 2);
    assert_int_equal(p.tls[FLEET_REPOSITORY], base + 3);
    assert_int_equal(p.tls[FLEET_PIXMGR], base + 5);
    assert_int_equal(p.tls[FLEET_GATEWAY], base + 7);
    assert_int_equal(p.plain[FLEET_GATEWAY], base + 8);
    assert_int_equal(p.tls[FLEET_AUDIT], base + 9);
    assert_int_equal(p.mllp_tls[FLEET_REGISTRY], base + 11);
    assert_int_equal(p.mllp_plain[FLEET_REGISTRY], base + 12);
    assert_int_equal(p.mllp_tls[FLEET_PIXMGR], base + 13);
    assert_int_equal(p.mllp_plain[FLEET_PIXMGR], base + 14);
    assert_int_equal(p.syslog_tls, base + 15);
    assert_int_equal(p.syslog_plain, base + 16);
    assert_int_equal(p.ntp, base + 17);
    assert_int_equal(p.mllp_tls[FLEET_GATEWAY], 0);
    ports_release(&p);
    arena_free(a);
}

static void test_a_port_in_use_is_refused_also_when_it_is_shared(void **state UNUSED)
{
    struct arena *a = arena_new();
    int base = free_base(a), other = listener(base + 3, true);
    struct ports p;

    assert_true(other >= 0);
    assert_int_equal(ports_take(config_with(a, arena_printf(a, "%d", base)), &p), E_CONFIG);
    assert_int_equal(p.held_count, 0);
    close(other);
    arena_free(a);
}

static void test_plain_off_leaves_the_plain_ports_out(void **state UNUSED)
{
    struct arena *a = arena_new();
    struct config *c = config_default(a);
    struct ports p;

    assert_int_equal(config_set(c, CONFIG_PORTS, "auto"), OK);
    assert_int_equal(config_set(c, CONFIG_PLAIN, "off"), OK);
    assert_int_equal(ports_take(c, &p), OK);
    assert_int_equal(p.plain[FLEET_GATEWAY], 0);
    assert_int_equal(p.mllp_plain[FLEET_REGISTRY], 0);
    assert_int_not_equal(p.mllp_tls[FLEET_REGISTRY], 0);
    assert_int_equal(p.held_count, 1 + (FLEET_COUNT - 1) + 2 + 2);
    ports_release(&p);
    arena_free(a);
}

static void test_what_is_no_base_is_refused(void **state UNUSED)
{
    struct arena *a = arena_new();
    static const char *const bad[] = { "", "0", "-1", "65535", "18100x", "automatic" };
    struct ports p;

    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_int_equal(ports_take(config_with(a, bad[i]), &p), E_CONFIG);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_auto_takes_different_ports),
        cmocka_unit_test(test_a_held_port_is_for_daemons_and_for_nobody_else),
        cmocka_unit_test(test_a_base_gives_the_documented_order),
        cmocka_unit_test(test_a_port_in_use_is_refused_also_when_it_is_shared),
        cmocka_unit_test(test_plain_off_leaves_the_plain_ports_out),
        cmocka_unit_test(test_what_is_no_base_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
