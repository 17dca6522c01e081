/* options: a command's options as a table, from which the command line is read and the help is
 * printed: the two cannot disagree. */
#ifndef GCM_CLI_OPTIONS_H
#define GCM_CLI_OPTIONS_H

#include "cli/cli.h"

enum gcm_option_kind {
    GCM_OPTION_FLAG,   /* target: bool */
    GCM_OPTION_VALUE,  /* target: const char * */
    GCM_OPTION_CHOICE, /* target: const char *; one of the words in `value`, separated by "|" */
    GCM_OPTION_MANY    /* target: struct gcm_option_values; may be given several times */
};

enum { GCM_OPTION_TIMES = 64 };

/* NULL-terminated, in the order of the command line. */
struct gcm_option_values {
    const char *at[GCM_OPTION_TIMES + 1];
    size_t count;
};

struct gcm_option {
    const char *name; /* without dashes */
    char letter;      /* or 0 */
    enum gcm_option_kind kind;
    void *target;
    const char *value; /* what the help calls the value: "FILE", "text|json" */
    const char *help;
};

/* Options that every command has; gcm_options_read fills them in. */
struct gcm_common_options {
    bool quiet, verbose, color;
};

/* Reads the command line. Options end with one whose name is NULL. At most `limit` other arguments
 * are put into positional; *count says how many there were. Prints help, or what is wrong, itself.
 * Returns -1 to go on, or the exit code to end with. */
int gcm_options_read(const struct gcm_command *command, const struct gcm_option *options, int argc,
                     char **argv, struct gcm_common_options *common, const char **positional,
                     int limit, int *count);

/* Says on stderr what is wrong with the command line, and how it should be. GCM_EXIT_USAGE. */
enum gcm_exit gcm_usage(const struct gcm_command *command, const char *what);

/* The command's help as --help prints it. */
void gcm_options_help(struct gcm_buffer *out, const struct gcm_command *command,
                      const struct gcm_option *options);

/* Prints an error on stderr, once, and returns the exit code for it. */
enum gcm_exit gcm_report_error(const struct gcm_error *err);

/* Writes a text to a file, or to stdout where output is NULL. */
enum gcm_exit gcm_write_output(struct gcm_arena *arena, const char *output, struct gcm_slice text);

/* Writes a text to stdout; GCM_EXIT_LOCAL if that fails (a full disk, a closed pipe). */
enum gcm_exit gcm_write_stdout(struct gcm_slice text);

#endif
