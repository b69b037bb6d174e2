#pragma once
/*
 * `kakehashi-pixmgr fill COMMUNITY COUNT --data DATA`: so many of the generator's people are fed to a community's
 * manager, one after another, compared with everybody who is there: for measuring, with nobody else at the database.
 * Prints as JSON how long it took and the most memory it had. A database that was filled like this before, by the same
 * tables and matching, stays as it is, and the figures of that time are printed. The n-th person (from 0) has the id
 * FILL_FIRST + n at the community's first facility, and the generator's regional id.
 */

#define FILL_FIRST 1000000000u /* ten digits, as a load's serials have */

int fill_main(int argc, char **argv);
