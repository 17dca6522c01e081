#include "cli/options.h"

#include "core/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct gcm_option *find(const struct gcm_option *options, struct gcm_slice name,
                                     char letter)
{
    for (; options->name; options++)
        if (name.size ? gcm_slice_is(name, options->name) : letter && options->letter == letter)
            return options;
    return NULL;
}

static bool is_choice(const char *words, const char *value)
{
    for (struct gcm_slice rest = gcm_slice_of(words); rest.size;) {
        size_t end = gcm_slice_find(rest, '|');
        if (gcm_slice_is(gcm_slice_sub(rest, 0, end), value))
            return true;
        rest = gcm_slice_sub(rest, end + 1, rest.size);
    }
    return false;
}

static int misuse(const struct gcm_command *command, const char *what, const char *which)
{
    fprintf(stderr, "graphcool-migrate %s: %s%s%s\nusage: graphcool-migrate %s %s\n", command->name,
            what, which ? " " : "", which ? which : "", command->name, command->arguments);
    return GCM_EXIT_USAGE;
}

enum gcm_exit gcm_usage(const struct gcm_command *command, const char *what)
{
    return (enum gcm_exit)misuse(command, what, NULL);
}

/* Colour on a terminal, unless NO_COLOR is set to anything (no-color.org) or the terminal is dumb.
 */
static bool wants_color(void)
{
    const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");
    return isatty(STDOUT_FILENO) && !(no_color && *no_color) &&
           !(terminal && !strcmp(terminal, "dumb"));
}

static int set(const struct gcm_command *command, const struct gcm_option *option,
               const char *value)
{
    if (option->kind == GCM_OPTION_FLAG) {
        *(bool *)option->target = true;
        return -1;
    }
    if (option->kind == GCM_OPTION_CHOICE && !is_choice(option->value, value)) {
        fprintf(stderr, "graphcool-migrate %s: --%s is one of %s, not \"%s\"\n", command->name,
                option->name, option->value, value);
        return GCM_EXIT_USAGE;
    }
    if (option->kind == GCM_OPTION_MANY) {
        struct gcm_option_values *values = option->target;
        if (values->count == GCM_OPTION_TIMES)
            return misuse(command, "given too often:", option->name);
        values->at[values->count++] = value;
        return -1;
    }
    *(const char **)option->target = value;
    return -1;
}

static int print_help(const struct gcm_command *command, const struct gcm_option *options)
{
    struct gcm_arena arena = {0};
    struct gcm_buffer out = gcm_buffer(&arena, GCM_BUFFER_CAP);
    gcm_options_help(&out, command, options);
    enum gcm_exit code = gcm_write_stdout(gcm_buffer_text(&out));
    gcm_arena_free(&arena);
    return (int)code;
}

/* One argument that starts with a dash. *at moves on if the next one is its value. */
static int read_option(const struct gcm_command *command, const struct gcm_option *options,
                       int argc, char **argv, int *at)
{
    struct gcm_slice word = gcm_slice_of(argv[*at]);
    bool wide = gcm_slice_starts(word, "--");
    size_t equals = wide ? gcm_slice_find(word, '=') : word.size;
    struct gcm_slice name = wide ? gcm_slice_sub(word, 2, equals - 2) : GCM_S("");
    const struct gcm_option *option =
        wide || word.size == 2 ? find(options, name, wide ? '\0' : word.at[1]) : NULL;
    if (!option)
        return misuse(command, "unknown option", argv[*at]);
    const char *value = equals < word.size ? argv[*at] + equals + 1 : NULL;
    if (option->kind == GCM_OPTION_FLAG && value)
        return misuse(command, "this option takes no value:", argv[*at]);
    if (option->kind != GCM_OPTION_FLAG && !value) {
        if (*at + 1 >= argc)
            return misuse(command, "a value is missing behind", argv[*at]);
        value = argv[++*at];
    }
    if (value && !*value)
        return misuse(command, "an empty value for", option->name);
    return set(command, option, value);
}

int gcm_options_read(const struct gcm_command *command, const struct gcm_option *options, int argc,
                     char **argv, struct gcm_common_options *common, const char **positional,
                     int limit, int *count)
{
    *common = (struct gcm_common_options){.color = wants_color()};
    *count = 0;
    bool only_positional = false;
    for (int at = 1; at < argc; at++) {
        const char *word = argv[at];
        int end = -1;
        if (only_positional || word[0] != '-' || !word[1]) {
            if (*count == limit)
                return misuse(command, "too many arguments:", word);
            if (!*word)
                return misuse(command, "an argument is empty", NULL);
            positional[(*count)++] = word;
        } else if (!strcmp(word, "--"))
            only_positional = true;
        else if (!strcmp(word, "--help") || !strcmp(word, "-h"))
            return print_help(command, options);
        else if (!strcmp(word, "--quiet") || !strcmp(word, "-q"))
            common->quiet = true;
        else if (!strcmp(word, "--verbose") || !strcmp(word, "-v"))
            common->verbose = true;
        else
            end = read_option(command, options, argc, argv, &at);
        if (end >= 0)
            return end;
    }
    return -1;
}

static void put_option(struct gcm_buffer *out, const struct gcm_option *option)
{
    size_t start = out->size;
    gcm_puts(out, option->letter ? "  -" : "      ");
    if (option->letter)
        gcm_putf(out, "%c, ", option->letter);
    gcm_putf(out, "--%s", option->name);
    if (option->value)
        gcm_putf(out, " %s", option->value);
    while (out->size - start < 30)
        gcm_putc(out, ' ');
    gcm_putf(out, " %s\n", option->help);
}

void gcm_options_help(struct gcm_buffer *out, const struct gcm_command *command,
                      const struct gcm_option *options)
{
    static const struct gcm_option common[] = {
        {"quiet", 'q', GCM_OPTION_FLAG, NULL, NULL, "say only what went wrong"},
        {"verbose", 'v', GCM_OPTION_FLAG, NULL, NULL, "say more"},
        {"help", 'h', GCM_OPTION_FLAG, NULL, NULL, "print this help"},
    };
    gcm_putf(out, "usage: graphcool-migrate %s %s\n\n%s\noptions:\n", command->name,
             command->arguments, command->help);
    for (; options->name; options++)
        put_option(out, options);
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        put_option(out, &common[i]);
}

enum gcm_exit gcm_exit_of(gcm_result result)
{
    switch (result) {
    case GCM_OK:
    case GCM_END:
        return GCM_EXIT_OK;
    case GCM_USAGE:
        return GCM_EXIT_USAGE;
    case GCM_BAD_INPUT:
        return GCM_EXIT_BAD_INPUT;
    case GCM_ENVIRONMENT:
        return GCM_EXIT_LOCAL;
    case GCM_REMOTE:
        return GCM_EXIT_REMOTE;
    case GCM_INTERRUPTED:
        return GCM_EXIT_INTERRUPTED;
    case GCM_STATE:
        return GCM_EXIT_STATE;
    case GCM_BUG:
        break;
    }
    return GCM_EXIT_BUG;
}

enum gcm_exit gcm_report_error(const struct gcm_error *err)
{
    struct gcm_arena arena = {0};
    struct gcm_buffer out = gcm_buffer(&arena, GCM_BUFFER_CAP);
    gcm_put_error(&out, err);
    struct gcm_slice text = gcm_buffer_text(&out);
    fprintf(stderr, "%.*s", GCM_P(text));
    gcm_arena_free(&arena);
    return gcm_exit_of(err->code);
}

enum gcm_exit gcm_write_stdout(struct gcm_slice text)
{
    size_t written = fwrite(text.at ? text.at : "", 1, text.size, stdout);
    if (written == text.size && fflush(stdout) == 0)
        return GCM_EXIT_OK;
    fputs("graphcool-migrate: the output cannot be written\n", stderr);
    return GCM_EXIT_LOCAL;
}

enum gcm_exit gcm_write_output(struct gcm_arena *arena, const char *output, struct gcm_slice text)
{
    if (!output)
        return gcm_write_stdout(text);
    struct gcm_error err = {0};
    if (gcm_file_write(arena, gcm_slice_of(output), text, &err) == GCM_OK)
        return GCM_EXIT_OK;
    err.code = GCM_ENVIRONMENT;
    return gcm_report_error(&err);
}
