/* parse: the GraphQL parser, printer and validator as a program, for tests and benches.
 *
 *     parse [--dialect tolerant|graphcool|prisma] [--print] [--many] [--validate SCHEMA] < TEXT
 *
 * prints the errors, one in a line, as LINE:COLUMN: MESSAGE; with --print the text printed from the
 * tree where there are none. With --many the input holds many texts with the byte 0x1e between
 * them, and so does the output (also with --round-trip).
 *
 *     parse --round-trip < TEXT     prints both trees if that of the printed text is another
 *     parse --prefixes < TEXT       parses every prefix; prints how many had an error
 *     parse --repeat N [--print] [--cpu] < TEXT   nanoseconds of each of N parses (and prints), by
 *                                   the clock on the wall or of the processor
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/file.h"
#include "graphql/parse.h"
#include "graphql/print.h"
#include "graphql/validate.h"
#include "tree.h"

enum { SEPARATOR = 0x1e, INPUT_CAP = 512 * 1024 * 1024 };

struct settings {
    enum gcm_dialect dialect;
    bool print, many, round_trip, prefixes, cpu;
    const char *schema;
    unsigned long repeat;
};

static struct gcm_slice read_stdin(struct gcm_arena *arena)
{
    struct gcm_buffer input = gcm_buffer(arena, INPUT_CAP);
    char part[65536];
    for (size_t size; (size = fread(part, 1, sizeof part, stdin)) > 0;)
        gcm_put(&input, (struct gcm_slice){part, size});
    return gcm_buffer_text(&input);
}

static void put_errors(struct gcm_buffer *out, const struct gcm_errors *errors)
{
    for (size_t i = 0; i < errors->count; i++)
        gcm_putf(out, "%u:%u: %.*s\n", errors->at[i].place.line, errors->at[i].place.column,
                 GCM_P(errors->at[i].message));
}

static struct gcm_slice printed(struct gcm_arena *arena, const struct gcm_document *document)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_print_document(&out, document);
    return gcm_buffer_text(&out);
}

static void one(const struct settings *settings, const struct gcm_schema *schema,
                struct gcm_slice text)
{
    struct gcm_arena arena = {0};
    struct gcm_file file = {GCM_S("stdin"), text};
    struct gcm_errors errors = {0};
    struct gcm_buffer out = gcm_buffer(&arena, INPUT_CAP);
    struct gcm_document *document = gcm_graphql_parse(&arena, &file, settings->dialect, &errors);
    if (!errors.count && schema)
        gcm_validate(&arena, schema, document, &errors);
    put_errors(&out, &errors);
    if (!errors.count && settings->print)
        gcm_print_document(&out, document);
    struct gcm_slice shown = gcm_buffer_text(&out);
    fwrite(shown.at, 1, shown.size, stdout);
    gcm_arena_free(&arena);
}

static struct gcm_slice tree(struct gcm_arena *arena, const struct gcm_document *document)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    tree_document(&out, document);
    return gcm_buffer_text(&out);
}

static void round_trip(const struct settings *settings, struct gcm_slice text)
{
    struct gcm_arena arena = {0};
    struct gcm_errors errors = {0};
    struct gcm_file first = {GCM_S("first"), text};
    struct gcm_document *document = gcm_graphql_parse(&arena, &first, settings->dialect, &errors);
    struct gcm_file second = {GCM_S("second"), printed(&arena, document)};
    size_t before = errors.count;
    struct gcm_document *again = gcm_graphql_parse(&arena, &second, GCM_DIALECT_TOLERANT, &errors);
    struct gcm_slice one_tree = tree(&arena, document), other = tree(&arena, again);
    if (errors.count > before)
        printf("the printed text has an error: %.*s\n%.*s", GCM_P(errors.at[before].message),
               GCM_P(second.text));
    else if (!gcm_slice_equal(one_tree, other))
        printf("printed:\n%.*s\nfirst tree:\n%.*s\nsecond tree:\n%.*s\n", GCM_P(second.text),
               GCM_P(one_tree), GCM_P(other));
    gcm_arena_free(&arena);
}

static void many(const struct settings *settings, const struct gcm_schema *schema,
                 struct gcm_slice input)
{
    for (;;) {
        size_t end = gcm_slice_find(input, SEPARATOR);
        if (settings->round_trip)
            round_trip(settings, gcm_slice_sub(input, 0, end));
        else
            one(settings, schema, gcm_slice_sub(input, 0, end));
        if (end == input.size)
            return;
        putchar(SEPARATOR);
        input = gcm_slice_sub(input, end + 1, input.size);
    }
}

static void prefixes(const struct settings *settings, struct gcm_slice text)
{
    size_t bad = 0;
    for (size_t size = 0; size <= text.size; size++) {
        struct gcm_arena arena = {0};
        char *copy = malloc(size ? size : 1); /* so that reading past its end is seen */
        if (!copy)
            exit(8);
        if (size)
            memcpy(copy, text.at, size);
        struct gcm_file file = {GCM_S("prefix"), {copy, size}};
        struct gcm_errors errors = {0};
        printed(&arena, gcm_graphql_parse(&arena, &file, settings->dialect, &errors));
        bad += errors.count > 0;
        free(copy);
        gcm_arena_free(&arena);
    }
    printf("%zu of %zu\n", bad, text.size + 1);
}

static void repeat(const struct settings *settings, struct gcm_slice text)
{
    for (unsigned long i = 0; i < settings->repeat; i++) {
        struct timespec from, to;
        clockid_t clock = settings->cpu ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC;
        clock_gettime(clock, &from);
        struct gcm_arena arena = {0};
        struct gcm_file file = {GCM_S("stdin"), text};
        struct gcm_errors errors = {0};
        struct gcm_document *document =
            gcm_graphql_parse(&arena, &file, settings->dialect, &errors);
        if (settings->print)
            printed(&arena, document);
        gcm_arena_free(&arena);
        clock_gettime(clock, &to);
        printf("%lld\n", (to.tv_sec - from.tv_sec) * 1000000000LL + (to.tv_nsec - from.tv_nsec));
    }
}

static const struct gcm_schema *read_schema(struct gcm_arena *arena, const char *path)
{
    struct gcm_file *file;
    struct gcm_error err;
    struct gcm_errors errors = {0};
    if (gcm_file_read(arena, gcm_slice_of(path), gcm_slice_of(path), INPUT_CAP, &file, &err)) {
        fprintf(stderr, "%.*s\n", GCM_P(err.message));
        exit(8);
    }
    struct gcm_document *api = gcm_graphql_parse(arena, file, GCM_DIALECT_TOLERANT, &errors);
    if (errors.count) {
        fprintf(stderr, "%s: %.*s\n", path, GCM_P(errors.at[0].message));
        exit(2);
    }
    return gcm_schema_of(arena, api);
}

static bool read_settings(struct settings *settings, int argc, char **argv)
{
    static const char *const dialects[] = {"tolerant", "graphcool", "prisma"};
    for (int i = 1; i < argc; i++) {
        const char *option = argv[i], *value = i + 1 < argc ? argv[i + 1] : "";
        if (!strcmp(option, "--print"))
            settings->print = true;
        else if (!strcmp(option, "--many"))
            settings->many = true;
        else if (!strcmp(option, "--round-trip"))
            settings->round_trip = true;
        else if (!strcmp(option, "--prefixes"))
            settings->prefixes = true;
        else if (!strcmp(option, "--cpu"))
            settings->cpu = true;
        else if (!strcmp(option, "--validate"))
            settings->schema = value, i++;
        else if (!strcmp(option, "--repeat"))
            settings->repeat = strtoul(value, NULL, 10), i++;
        else if (!strcmp(option, "--dialect")) {
            for (int known = 0; known < 3; known++)
                if (!strcmp(value, dialects[known]))
                    settings->dialect = (enum gcm_dialect)known;
            i++;
        } else
            return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    struct settings settings = {0};
    if (!read_settings(&settings, argc, argv)) {
        fputs("usage: see the head of tests/tools/parse.c\n", stderr);
        return 1;
    }
    struct gcm_arena arena = {0};
    const struct gcm_schema *schema = settings.schema ? read_schema(&arena, settings.schema) : NULL;
    struct gcm_slice input = read_stdin(&arena);
    if (settings.prefixes)
        prefixes(&settings, input);
    else if (settings.repeat)
        repeat(&settings, input);
    else if (settings.many)
        many(&settings, schema, input);
    else if (settings.round_trip)
        round_trip(&settings, input);
    else
        one(&settings, schema, input);
    gcm_arena_free(&arena);
    return 0;
}
