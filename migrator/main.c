/* The program: picks the command. */
#include "cli/options.h"

#include <stdio.h>
#include <string.h>

static const struct gcm_command *const commands[] = {
    &gcm_command_report, &gcm_command_convert, &gcm_command_check_datamodel,
    &gcm_command_rules,  &gcm_command_schema,  NULL,
};

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
    if (argc < 2) {
        print_usage(stderr);
        return GCM_EXIT_USAGE;
    }
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
        print_usage(stdout);
        return GCM_EXIT_OK;
    }
    if (!strcmp(argv[1], "--version")) {
        puts("graphcool-migrate " GCM_VERSION);
        return GCM_EXIT_OK;
    }
    for (const struct gcm_command *const *command = commands; *command; command++)
        if (!strcmp(argv[1], (*command)->name))
            return (int)(*command)->run(argc - 1, argv + 1);
    fprintf(stderr, "graphcool-migrate: there is no command \"%s\"\n\n", argv[1]);
    print_usage(stderr);
    return GCM_EXIT_USAGE;
}
