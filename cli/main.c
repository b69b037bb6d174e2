/* kakehashi: the one command. Its words are the rows of command.c. */
#include "cli/command.h"

int main(int argc, char **argv)
{
    return command_main(argc, argv);
}
