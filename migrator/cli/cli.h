/* cli: one file per command; arguments in, exit code out, no logic. Exit codes: docs/exit-codes.md.
 */
#ifndef GCM_CLI_CLI_H
#define GCM_CLI_CLI_H

#include "core/error.h"

enum gcm_exit {
    GCM_EXIT_OK = 0,
    GCM_EXIT_USAGE = 1,
    GCM_EXIT_BAD_INPUT = 2,
    GCM_EXIT_FINDINGS = 3,
    GCM_EXIT_REMOTE = 4,
    GCM_EXIT_DIFFERS = 5,
    GCM_EXIT_PARTIAL = 6,
    GCM_EXIT_STATE = 7,
    GCM_EXIT_LOCAL = 8,
    GCM_EXIT_BUG = 70,
    GCM_EXIT_INTERRUPTED = 130
};

enum gcm_exit gcm_exit_of(gcm_result result);

struct gcm_command {
    const char *name;
    const char *summary;   /* one line, for the list of commands */
    const char *arguments; /* "PROJECT --out FOLDER [OPTION…]" */
    const char *help;      /* the rest of --help: what it does, options, exit codes, an example */
    enum gcm_exit (*run)(int argc, char **argv); /* argv[0] is the command's name */
};

extern const struct gcm_command gcm_command_report, gcm_command_convert, gcm_command_schema,
    gcm_command_check_datamodel, gcm_command_rules, gcm_command_export, gcm_command_check,
    gcm_command_import, gcm_command_verify, gcm_command_status, gcm_command_operations;

#endif
