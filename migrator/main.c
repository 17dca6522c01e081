/* The program: picks the command. */
#include "cli/options.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* clang-format off */
static const struct gcm_command *const commands[] = {
    &gcm_command_report,
    &gcm_command_convert,
    &gcm_command_check_datamodel,
    &gcm_command_rules,
    &gcm_command_schema,
    &gcm_command_operations,
    &gcm_command_export,
    &gcm_command_check,
    &gcm_command_import,
    &gcm_command_verify,
    &gcm_command_status,
    NULL,
};
/* clang-format on */

/* A standard stream that the caller closed must not become the number of a file that we open.
 * Writing to the stand-in of stdout fails, as it should. */
static void keep_standard_streams(void)
{
    static const int modes[] = {O_RDONLY, O_RDONLY, O_WRONLY};
    for (int fd = 0; fd < 3; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", modes[fd]) < 0)
            return;
}

/* What was printed has arrived? */
static int printed(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return GCM_EXIT_OK;
    fputs("graphcool-migrate: the output cannot be written\n", stderr);
    return GCM_EXIT_LOCAL;
}

static void print_usage(FILE *to)
{
    fputs("usage: graphcool-migrate COMMAND [ARGUMENT…]\n\n"
          "Moves a Graphcool Framework project to Prisma: converts it, reports every "
          "decision.\n\ncommands:\n",
          to);
    for (const struct gcm_command *const *command = commands; *command; command++)
        fprintf(to, "  %-16s %s\n", (*command)->name, (*command)->summary);
    fputs("\n  --help           print this help; COMMAND --help explains a command\n"
          "  --version        print the version\n",
          to);
}

int main(int argc, char **argv)
{
    keep_standard_streams();
    if (argc < 2) {
        print_usage(stderr);
        return GCM_EXIT_USAGE;
    }
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
        print_usage(stdout);
        return printed();
    }
    if (!strcmp(argv[1], "--version")) {
        puts("graphcool-migrate " GCM_VERSION);
        return printed();
    }
    for (const struct gcm_command *const *command = commands; *command; command++)
        if (!strcmp(argv[1], (*command)->name))
            return (int)(*command)->run(argc - 1, argv + 1);
    fprintf(stderr, "graphcool-migrate: there is no command \"%s\"\n\n", argv[1]);
    print_usage(stderr);
    return GCM_EXIT_USAGE;
}
