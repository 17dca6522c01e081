/* ndf: the module of that name as a program, for tests and benches.
 *
 *     ndf list PATH               a zip or folder: its files, one in a line, as NAME COUNT BYTES;
 *                                 then "folder KIND" and "ignored NAME"
 *     ndf pack PATH SIZE < LINES  writes NDF files; a line is KIND ELEMENT; "drop" gives up
 *     ndf json < TEXTS            each text behind its size in a line; answers each in a line:
 *                                 "ok " and the text printed anew, or "OFFSET EXPECTED"
 *     ndf time WHAT FILE ROUNDS   nanoseconds of processor time and what was found, of each round:
 *                                 "slice" a page, check it "plain", "parse" it with cJSON, "scan"
 * it for quotes with memchr
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cjson/cJSON.h>

#include "core/file.h"
#include "ndf/archive.h"
#include "ndf/pack.h"
#include "ndf/raw_check.h"

enum { INPUT_CAP = 1024 * 1024 * 1024 };

static int complain(const struct gcm_error *err)
{
    struct gcm_arena arena = {0};
    struct gcm_buffer out = gcm_buffer(&arena, GCM_BUFFER_CAP);
    gcm_put_error(&out, err);
    struct gcm_slice text = gcm_buffer_text(&out);
    fwrite(text.at, 1, text.size, stderr);
    gcm_arena_free(&arena);
    return (int)err->code;
}

static gcm_result count(struct gcm_archive *archive, const struct gcm_archive_file *file,
                        size_t *elements, struct gcm_error *err)
{
    struct gcm_arena arena = {0};
    struct gcm_file page;
    enum gcm_ndf_kind kind = file->kind;
    struct gcm_raw all = {0}, raw;
    gcm_result result = gcm_archive_read(archive, file, &arena, &page, err);
    if (!result)
        result = gcm_ndf_page(&arena, &page, &kind, &all, err);
    *elements = 0;
    for (struct gcm_raw_walk walk = gcm_raw_walk(all); !result && gcm_raw_next(&walk, NULL, &raw);
         ++*elements) {
        struct gcm_ndf_element element;
        result = gcm_ndf_element(&arena, kind, raw, &element, err);
    }
    if (result)
        complain(err);
    gcm_arena_free(&arena);
    return result;
}

static int list(const char *path)
{
    struct gcm_arena arena = {0};
    struct gcm_archive archive;
    struct gcm_error err = {0};
    gcm_result result = gcm_archive_open(&arena, gcm_slice_of(path), &archive, &err);
    if (result)
        complain(&err);
    for (size_t i = 0; !result && i < archive.files.count; i++) {
        size_t elements;
        result = count(&archive, &archive.files.at[i], &elements, &err);
        if (!result)
            printf("%.*s %zu %llu\n", GCM_P(archive.files.at[i].name), elements,
                   (unsigned long long)archive.files.at[i].size);
    }
    for (int kind = 0; !result && kind < GCM_NDF_KINDS; kind++)
        if (archive.folder_there[kind])
            printf("folder %s\n", gcm_ndf_names[kind]);
    for (size_t i = 0; !result && i < archive.ignored.count; i++)
        printf("ignored %.*s\n", GCM_P(archive.ignored.at[i]));
    gcm_archive_close(&archive);
    gcm_arena_free(&arena);
    return (int)result;
}

static struct gcm_slice read_stdin(struct gcm_arena *arena)
{
    struct gcm_buffer input = gcm_buffer(arena, INPUT_CAP);
    char part[65536];
    for (size_t size; (size = fread(part, 1, sizeof part, stdin)) > 0;)
        gcm_put(&input, (struct gcm_slice){part, size});
    return gcm_buffer_text(&input);
}

static int pack(const char *path, const char *size)
{
    struct gcm_arena arena = {0};
    struct gcm_error err = {0};
    struct gcm_pack *pack = NULL;
    gcm_result result =
        gcm_pack_start(&arena, gcm_slice_of(path), strtoul(size, NULL, 10), &pack, &err);
    char *line = NULL;
    size_t room = 0;
    bool drop = false;
    for (ssize_t got; !result && !drop && (got = getline(&line, &room, stdin)) > 0;) {
        struct gcm_slice text = gcm_slice_trim((struct gcm_slice){line, (size_t)got});
        size_t blank = gcm_slice_find(text, ' ');
        drop = gcm_slice_is(text, "drop");
        for (enum gcm_ndf_kind kind = 0; !result && kind < GCM_NDF_KINDS; kind++)
            if (gcm_slice_is(gcm_slice_sub(text, 0, blank), gcm_ndf_names[kind]))
                result = gcm_pack_put(pack, kind, gcm_slice_sub(text, blank + 1, text.size), &err);
    }
    free(line);
    if (drop || result)
        gcm_pack_drop(pack);
    else
        result = gcm_pack_finish(pack, &err);
    if (result)
        complain(&err);
    gcm_arena_free(&arena);
    return (int)result;
}

/* Through every function that looks into a value. Not deeper than the texts of the tests. */
static void print_anew(struct gcm_buffer *out, struct gcm_raw value)
{
    struct gcm_slice key;
    struct gcm_raw each;
    bool object = value.kind == GCM_RAW_OBJECT, first = true;
    if (value.kind == GCM_RAW_STRING)
        gcm_put_raw_string(out, gcm_raw_string(out->arena, value));
    else if (!object && value.kind != GCM_RAW_ARRAY)
        gcm_put(out, value.text);
    else {
        gcm_putc(out, object ? '{' : '[');
        for (struct gcm_raw_walk walk = gcm_raw_walk(value); gcm_raw_next(&walk, &key, &each);) {
            if (!first)
                gcm_putc(out, ',');
            first = false;
            if (object) {
                struct gcm_raw name = {{key.at - 1, key.size + 2}, GCM_RAW_STRING};
                gcm_put_raw_string(out, gcm_raw_string(out->arena, name));
                gcm_putc(out, ':');
            }
            print_anew(out, each);
        }
        gcm_putc(out, object ? '}' : ']');
    }
}

/* The wide checkers take no text that the plain one refuses, and miss none without blanks. */
static const char *disagreement(struct gcm_slice text)
{
#ifdef __SSE2__
    struct gcm_raw value;
    struct gcm_raw_error error;
    struct gcm_slice bare = gcm_slice_trim(text);
    bool good = gcm_raw_plain(bare, &value, &error);
    if (!bare.size || (*bare.at != '{' && *bare.at != '['))
        return NULL;
    bool sse2 = gcm_raw_wide_sse2(bare, NULL);
    if (gcm_raw_has_avx2() && gcm_raw_wide_avx2(bare, NULL) != sse2)
        return "the wide checkers differ";
    if (sse2 && !good)
        return "the wide checker takes what the plain one refuses";
    if (good && !sse2) {
        if (!memchr(bare.at, ' ', bare.size) && !memchr(bare.at, '\n', bare.size) &&
            !memchr(bare.at, '\r', bare.size) && !memchr(bare.at, '\t', bare.size))
            return "the wide checker does not take a text without blanks";
    }
#else
    (void)text;
#endif
    return NULL;
}

static int json(void)
{
    struct gcm_arena input_arena = {0};
    struct gcm_slice input = read_stdin(&input_arena);
    while (input.size) {
        struct gcm_arena arena = {0};
        struct gcm_buffer out = gcm_buffer(&arena, GCM_BUFFER_CAP);
        size_t line = gcm_slice_find(input, '\n');
        size_t size = strtoul(gcm_cstring(&arena, gcm_slice_sub(input, 0, line)), NULL, 10);
        /* A copy of its own, so that a sanitizer sees what is read behind its end. */
        char *copy = malloc(size ? size : 1);
        memcpy(copy, input.at + line + 1, size);
        input = gcm_slice_sub(input, line + 1 + size, input.size);
        struct gcm_raw value;
        struct gcm_raw_error error;
        const char *differ = disagreement((struct gcm_slice){copy, size});
        if (differ) {
            gcm_puts(&out, differ);
        } else if (gcm_raw_read((struct gcm_slice){copy, size}, &value, &error)) {
            gcm_puts(&out, "ok ");
            print_anew(&out, value);
            struct gcm_raw again;
            struct gcm_slice anew = gcm_slice_sub(gcm_buffer_text(&out), 3, SIZE_MAX / 2);
            if (!gcm_raw_read(anew, &again, &error) || !gcm_raw_equal(&arena, value, again))
                gcm_puts(&out, " is not equal");
        } else {
            gcm_putf(&out, "%zu %s", error.offset, error.expected);
        }
        gcm_putc(&out, '\n');
        struct gcm_slice answer = gcm_buffer_text(&out);
        fwrite(answer.at, 1, answer.size, stdout);
        free(copy);
        gcm_arena_free(&arena);
    }
    gcm_arena_free(&input_arena);
    return 0;
}

/* Checks the page and finds where each element starts and ends. */
static size_t slice(const struct gcm_file *page, cJSON **tree)
{
    (void)tree;
    struct gcm_arena arena = {0};
    struct gcm_error err;
    struct gcm_raw_walk walk;
    struct gcm_raw element;
    enum gcm_ndf_kind kind = GCM_NDF_NODES;
    size_t found = 0;
    if (gcm_ndf_walk(&arena, page, &kind, &walk, &err))
        exit(complain(&err));
    for (; gcm_raw_next(&walk, NULL, &element); found++)
        ;
    gcm_arena_free(&arena);
    return found;
}

/* The check alone, by the checker that takes blanks between values too. */
static size_t plain(const struct gcm_file *page, cJSON **tree)
{
    (void)tree;
    struct gcm_raw value;
    struct gcm_raw_error error;
    return gcm_raw_plain(page->text, &value, &error) ? 1 : 0;
}

static size_t parse(const struct gcm_file *page, cJSON **tree)
{
    *tree = cJSON_ParseWithLength(page->text.at, page->text.size);
    return *tree ? 1 : 0;
}

static size_t scan(const struct gcm_file *page, cJSON **tree)
{
    (void)tree;
    size_t found = 0;
    const char *end = page->text.at + page->text.size;
    for (const char *at = page->text.at; (at = memchr(at, '"', (size_t)(end - at))); at++)
        found++;
    return found;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int measure(const char *what, const char *path, unsigned long rounds)
{
    struct gcm_arena arena = {0};
    struct gcm_file *page;
    struct gcm_error err;
    struct gcm_slice name = gcm_slice_of(path);
    size_t (*work)(const struct gcm_file *, cJSON **) = !strcmp(what, "slice")   ? slice
                                                        : !strcmp(what, "plain") ? plain
                                                        : !strcmp(what, "parse") ? parse
                                                                                 : scan;
    if (gcm_file_read(&arena, name, name, INPUT_CAP, &page, &err))
        return complain(&err);
    for (unsigned long i = 0; i < rounds; i++) {
        double start = now();
        cJSON *tree = NULL;
        size_t found = work(page, &tree);
        printf("%.0f %zu\n", now() - start, found);
        cJSON_Delete(tree); /* is no part of the figure */
    }
    gcm_arena_free(&arena);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && !strcmp(argv[1], "list"))
        return list(argv[2]);
    if (argc == 4 && !strcmp(argv[1], "pack"))
        return pack(argv[2], argv[3]);
    if (argc == 2 && !strcmp(argv[1], "json"))
        return json();
    if (argc == 5 && !strcmp(argv[1], "time"))
        return measure(argv[2], argv[3], strtoul(argv[4], NULL, 10));
    fputs("usage: ndf list PATH | pack PATH SIZE | json | time WHAT FILE ROUNDS\n", stderr);
    return 1;
}
