/* records PROJECT FOLDER DATABASE [RULES]: every record of the stage in FOLDER as the target takes
 * it, a JSON object a line: {"kind", "type", "id", "field", "other", "elements": [text, …],
 * "withheld": true where it is kept back (its element is there all the same), "faults":
 * ["int-range", …]}. */
#include "transfer/records.h"
#include "core/file.h"
#include "stage/stage.h"

#include <stdio.h>
#include <string.h>

static void must(gcm_result result, const struct gcm_error *err)
{
    if (result == GCM_OK)
        return;
    fprintf(stderr, "records: %.*s\n", GCM_P(err->message));
    _Exit(1);
}

static struct gcm_plan *plan_of(struct gcm_arena *arena, char **argv)
{
    struct gcm_error err = {0};
    struct gcm_errors errors = {0};
    struct gcm_project_options options = {0};
    struct gcm_project *project = NULL;
    struct gcm_rules *rules = NULL;
    struct gcm_file *user = NULL;
    must(gcm_project_read(arena, gcm_slice_of(argv[1]), &options, &project, &err), &err);
    if (argv[4])
        must(gcm_file_read(arena, gcm_slice_of(argv[4]), GCM_S("rules"), 1 << 20, &user, &err),
             &err);
    must(gcm_rules_load(arena, user, &rules, &errors), errors.count ? errors.at : &err);
    const struct gcm_plan_options wanted = {
        .database = strcmp(argv[3], "postgres") ? GCM_DATABASE_MYSQL : GCM_DATABASE_POSTGRES};
    return gcm_plan_make(project, rules, &wanted);
}

static void put_member(struct gcm_buffer *out, const char *name, struct gcm_slice text)
{
    gcm_putf(out, ",\"%s\":", name);
    gcm_put_raw_string(out, text);
}

static void print(struct gcm_arena *arena, const struct gcm_record *record)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_putf(&out, "{\"kind\":\"%s\"", gcm_ndf_names[record->kind]);
    put_member(&out, "type", record->type);
    put_member(&out, "id", record->id);
    put_member(&out, "field", record->field);
    put_member(&out, "other", record->other);
    gcm_puts(&out, ",\"elements\":[");
    unsigned count = record->withheld && record->text[0].size ? 1 : record->count;
    for (unsigned i = 0; i < count; i++) {
        gcm_puts(&out, i ? "," : "");
        gcm_put_raw_string(&out, record->text[i]);
    }
    gcm_putf(&out, "],\"withheld\":%s,\"faults\":[", record->withheld ? "true" : "false");
    for (size_t i = 0; i < record->faults.count; i++)
        gcm_putf(&out, "%s\"%s\"", i ? "," : "", record->faults.at[i].name);
    gcm_puts(&out, "]}\n");
    fwrite(out.at, 1, out.size, stdout);
}

static void print_group(const struct gcm_record_maker *maker, enum gcm_ndf_kind kind,
                        struct gcm_slice group)
{
    struct gcm_error err = {0};
    struct gcm_records *records = NULL;
    struct gcm_record record;
    gcm_result result = gcm_records_open(maker, kind, group, 1, INT64_MAX, &records, &err);
    while (result == GCM_OK) {
        struct gcm_arena arena = {0};
        result = gcm_records_next(records, &arena, &record, &err);
        if (result == GCM_OK)
            print(&arena, &record);
        gcm_arena_free(&arena);
    }
    gcm_records_close(records);
    must(result == GCM_END ? GCM_OK : result, &err);
}

int main(int argc, char **argv)
{
    struct gcm_arena arena = {0};
    struct gcm_error err = {0};
    if (argc < 4)
        return 1;
    struct gcm_shape *shape = NULL;
    struct gcm_stage *stage = NULL;
    must(gcm_shape_make(&arena, plan_of(&arena, argv), &shape, &err), &err);
    must(gcm_stage_open(&arena, gcm_slice_of(argv[2]), GCM_STAGE_WORK, &stage, &err), &err);
    const struct gcm_record_maker maker = {
        .stage = stage, .shape = shape, .memory = gcm_maker_memory(&arena)};
    print_group(&maker, GCM_NDF_NODES, GCM_S(""));
    print_group(&maker, GCM_NDF_LISTS, GCM_S(""));
    gcm_each (struct gcm_shape_relation *const, relation, shape->relations)
        print_group(&maker, GCM_NDF_RELATIONS, (*relation)->name);
    print_group(&maker, GCM_NDF_RELATIONS, GCM_S(""));
    gcm_stage_close(stage);
    gcm_arena_free(&arena);
    return 0;
}
