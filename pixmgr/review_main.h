#pragma once
/* `kakehashi-pixmgr review list [COMMUNITY] [--json] | accept NUMBER | reject NUMBER`; the exit code. */
int review_main(int argc, char **argv);
int decision_main(int argc, char **argv);
