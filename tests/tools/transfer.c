/* The middle of a transfer without its ends, for tests of the steps around it.
 *     transfer stage PROJECT FOLDER ARCHIVE [OPTION…]    puts an archive into a new stage, as it is
 *     transfer elements PROJECT FOLDER [OPTION…]         prints what import would send: a request
 *                                                        body for each 500 elements, one a line
 *     transfer reject FOLDER KIND ROW                    puts a row among the rejects
 *     transfer finding FOLDER RULE TYPE ID FIELD         adds a finding of check
 * Options are --database and --repair. */
#include "cli/workspace.h"
#include "ndf/archive.h"
#include "stage/findings.h"
#include "stage/outbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TOGETHER = 500 };

static int fail(const struct gcm_error *err)
{
    fprintf(stderr, "%.*s\n", GCM_P(err->message));
    return 1;
}

/* ---- stage ---- */

static gcm_result put_element(struct gcm_stage *stage, struct gcm_arena *arena,
                              const struct gcm_ndf_element *element, struct gcm_error *err)
{
    if (element->kind == GCM_NDF_NODES)
        return gcm_stage_put_node(stage, element->type, element->id, element->raw.text, err);
    if (element->kind == GCM_NDF_RELATIONS)
        return gcm_stage_put_pair(stage, &element->ends[0], &element->ends[1], err);
    struct gcm_raw_walk walk = gcm_raw_walk(element->raw);
    struct gcm_slice key;
    struct gcm_raw value;
    gcm_result result = GCM_OK;
    while (result == GCM_OK && gcm_raw_next(&walk, &key, &value))
        if (value.kind == GCM_RAW_ARRAY)
            result = gcm_stage_put_list(stage, element->type, element->id, gcm_copy(arena, key),
                                        value.text, err);
    return result;
}

static gcm_result put_page(struct gcm_stage *stage, struct gcm_arena *arena,
                           const struct gcm_file *page, enum gcm_ndf_kind kind,
                           struct gcm_error *err)
{
    struct gcm_raw elements, raw;
    gcm_result result = gcm_ndf_page(arena, page, &kind, &elements, err);
    if (result != GCM_OK)
        return result;
    struct gcm_raw_walk walk = gcm_raw_walk(elements);
    while (result == GCM_OK && gcm_raw_next(&walk, NULL, &raw)) {
        struct gcm_ndf_element element;
        result = gcm_ndf_element(arena, kind, raw, &element, err);
        if (result == GCM_OK)
            result = put_element(stage, arena, &element, err);
    }
    return result;
}

static gcm_result put_archive(struct gcm_workspace *workspace, struct gcm_arena *arena,
                              const char *path, struct gcm_error *err)
{
    struct gcm_archive archive = {0};
    gcm_result result = gcm_archive_open(arena, gcm_slice_of(path), &archive, err);
    if (result == GCM_OK)
        result = gcm_stage_begin(workspace->stage, err);
    for (size_t i = 0; result == GCM_OK && i < archive.files.count; i++) {
        struct gcm_arena page = {0};
        struct gcm_file file = {0};
        const struct gcm_archive_file *entry = &archive.files.at[i];
        result = gcm_archive_read(&archive, entry, &page, &file, err);
        if (result == GCM_OK)
            result = put_page(workspace->stage, &page, &file, entry->kind, err);
        gcm_arena_free(&page);
    }
    gcm_archive_close(&archive);
    if (result == GCM_OK)
        result = gcm_stage_commit(workspace->stage, err);
    for (int kind = 0; result == GCM_OK && kind < GCM_NDF_KINDS; kind++) {
        uint64_t dropped;
        result = gcm_stage_seal(workspace->stage, (enum gcm_ndf_kind)kind, &dropped, err);
    }
    return result;
}

/* ---- elements ---- */

static gcm_result print_group(const struct gcm_workspace *workspace, enum gcm_ndf_kind kind,
                              struct gcm_slice group, struct gcm_error *err)
{
    struct gcm_records *records = NULL;
    struct gcm_record record;
    struct gcm_arena arena = {0};
    size_t count = 0;
    gcm_result result =
        gcm_records_open(&workspace->maker, kind, group, 1, INT64_MAX, &records, err);
    while (result == GCM_OK &&
           (result = gcm_records_next(records, &arena, &record, err)) == GCM_OK) {
        for (unsigned i = 0; i < record.count; i++) {
            if (count % TOGETHER == 0)
                printf("%s{\"valueType\":\"%s\",\"values\":[", count ? "]}\n" : "",
                       gcm_ndf_names[kind]);
            printf("%s%.*s", count % TOGETHER ? "," : "", GCM_P(record.text[i]));
            count++;
        }
        gcm_arena_free(&arena);
    }
    if (count)
        puts("]}");
    gcm_records_close(records);
    gcm_arena_free(&arena);
    return result == GCM_END ? GCM_OK : result;
}

static gcm_result print_elements(const struct gcm_workspace *workspace, struct gcm_error *err)
{
    gcm_result result = print_group(workspace, GCM_NDF_NODES, GCM_S(""), err);
    if (result == GCM_OK)
        result = print_group(workspace, GCM_NDF_LISTS, GCM_S(""), err);
    gcm_each (struct gcm_shape_relation *const, relation, workspace->shape->relations)
        if (result == GCM_OK)
            result = print_group(workspace, GCM_NDF_RELATIONS, (*relation)->name, err);
    return result;
}

/* ---- */

static int with_workspace(struct gcm_arena *arena, int argc, char **argv)
{
    struct gcm_workspace_options options = {.workspace = argv[3]};
    struct gcm_workspace workspace = {0};
    struct gcm_error err = {0};
    bool stages = !strcmp(argv[1], "stage");
    for (int i = 4 + stages; i + 1 < argc; i += 2) {
        if (!strcmp(argv[i], "--database"))
            options.open.database = argv[i + 1];
        else
            options.repairs.at[options.repairs.count++] = argv[i + 1];
    }
    enum gcm_exit code = gcm_workspace_open(arena, argv[2], &options,
                                            stages ? GCM_STAGE_CREATE : GCM_STAGE_WORK, &workspace);
    gcm_result result = GCM_OK;
    if (code == GCM_EXIT_OK)
        result = stages ? put_archive(&workspace, arena, argv[4], &err)
                        : print_elements(&workspace, &err);
    gcm_workspace_close(&workspace);
    return result == GCM_OK ? (int)code : fail(&err);
}

static int with_stage(struct gcm_arena *arena, int argc, char **argv)
{
    struct gcm_stage *stage = NULL;
    struct gcm_error err = {0};
    gcm_result result = gcm_stage_open(arena, gcm_slice_of(argv[2]), GCM_STAGE_WORK, &stage, &err);
    if (result == GCM_OK && !strcmp(argv[1], "reject")) {
        const struct gcm_reject reject = {.kind = (enum gcm_ndf_kind)(argv[3][0] - '0'),
                                          .row = strtoll(argv[4], NULL, 10),
                                          .reason = GCM_S("refused in a test")};
        result = gcm_reject_add(stage, &reject, &err);
    } else if (result == GCM_OK && argc == 7) {
        const struct gcm_finding finding = {gcm_slice_of(argv[3]), gcm_slice_of(argv[4]),
                                            gcm_slice_of(argv[5]), gcm_slice_of(argv[6]),
                                            GCM_S("")};
        result = gcm_finding_add(stage, GCM_STEP_CHECK, &finding, &err);
    }
    if (stage)
        gcm_stage_close(stage);
    return result == GCM_OK ? 0 : fail(&err);
}

int main(int argc, char **argv)
{
    struct gcm_arena arena = {0};
    int code = 1;
    if (argc >= 4 && (!strcmp(argv[1], "stage") || !strcmp(argv[1], "elements")))
        code = with_workspace(&arena, argc, argv);
    else if (argc >= 5)
        code = with_stage(&arena, argc, argv);
    gcm_arena_free(&arena);
    return code;
}
