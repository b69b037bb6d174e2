#pragma once
/*
 * The commands of `kakehashi`: one row in command.c and one file cmd_NAME.c each. A command gets what is left of the
 * command line after the configuration's flags were taken out, reads its own words through args.h, and returns the
 * program's exit code.
 */

struct args;

enum exit_code {
    EXIT_OK = 0,
    EXIT_FAILED = 1, /* it was tried and did not work; a sentence is on standard error */
    EXIT_USAGE = 2,  /* the command line asks for what does not exist */
};

struct command {
    const char *name;
    const char *words;   /* its own words and flags, for help; NULL when there are none */
    const char *en, *ja; /* what it does */
    int (*run)(struct args *args);
};

/* argv as main got it. */
int command_main(int argc, char **argv);

int cmd_up(struct args *args);
int cmd_down(struct args *args);
int cmd_status(struct args *args);
int cmd_readyz(struct args *args);
int cmd_endpoints(struct args *args);
int cmd_patients(struct args *args);
int cmd_pix(struct args *args);
int cmd_pki(struct args *args);
int cmd_fault(struct args *args);
int cmd_gateway(struct args *args);
int cmd_communities(struct args *args);
int cmd_send(struct args *args);
int cmd_scenario(struct args *args);
int cmd_journal(struct args *args);
int cmd_consent(struct args *args);
int cmd_coverage(struct args *args);
int cmd_validate(struct args *args);
int cmd_reset(struct args *args);
int cmd_snapshot(struct args *args);
int cmd_replay(struct args *args);
int cmd_repository(struct args *args);
int cmd_audit(struct args *args);
int cmd_time(struct args *args);
int cmd_bench(struct args *args);
int cmd_documents(struct args *args);
