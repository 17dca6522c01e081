/* rejects: what was not taken, as NDF files that can be imported later (nodes/000001.json
 * …), and the reasons, one JSON object per line (reasons.jsonl). */
#include "core/file.h"
#include "core/json.h"
#include "transfer/import/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct rejects {
    struct gcm_arena *arena, scratch;
    const struct gcm_record_maker *maker;
    struct gcm_slice folder;
    FILE *values[GCM_NDF_KINDS], *reasons;
    uint64_t written[GCM_NDF_KINDS];
};

static gcm_result open_one(struct rejects *rejects, const char *name, FILE **file,
                           struct gcm_error *err)
{
    struct gcm_slice path = gcm_path_join(rejects->arena, rejects->folder, gcm_slice_of(name));
    gcm_result result = gcm_make_folder(rejects->arena, gcm_path_folder(path), err);
    int fd = result == GCM_OK ? open(gcm_cstring(rejects->arena, path),
                                     O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)
                              : -1;
    *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (result == GCM_OK && !*file)
        result = gcm_fail(rejects->arena, err, GCM_ENVIRONMENT, (struct gcm_place){0}, "%.*s: %s",
                          GCM_P(path), strerror(errno));
    return result;
}

static void put(FILE *file, struct gcm_slice text)
{
    fwrite(text.at ? text.at : "", 1, text.size, file);
}

/* The record as it would have been sent; a record that was withheld has none. */
static gcm_result make_record(struct rejects *rejects, const struct gcm_reject *reject,
                              struct gcm_record *record, struct gcm_error *err)
{
    struct gcm_stage *stage = rejects->maker->stage;
    struct gcm_rows *rows = NULL;
    struct gcm_staged_node node;
    struct gcm_staged_list list;
    gcm_result result;
    *record = (struct gcm_record){.kind = reject->kind};
    if (reject->kind == GCM_NDF_NODES) {
        result = gcm_rows_nodes(stage, reject->row, reject->row, &rows, err);
        if (result == GCM_OK && (result = gcm_rows_node(rows, &node, err)) == GCM_OK)
            result = gcm_record_of_node(rejects->maker, &rejects->scratch, &node, record, err);
    } else if (reject->kind == GCM_NDF_LISTS) {
        result = gcm_rows_lists(stage, reject->row, reject->row, &rows, err);
        if (result == GCM_OK && (result = gcm_rows_list(rows, &list, err)) == GCM_OK)
            result = gcm_record_of_list(rejects->maker, &rejects->scratch, &list, record, err);
    } else {
        struct gcm_staged_pair pair;
        result = gcm_rows_pair_at(stage, reject->row, &rows, err);
        if (result == GCM_OK && (result = gcm_rows_pair(rows, &pair, err)) == GCM_OK)
            result = gcm_record_of_pair(rejects->maker, &rejects->scratch, &pair, record, err);
    }
    gcm_rows_close(rows);
    return result == GCM_END ? GCM_OK : result;
}

/* A list of which a part is stored: only the rest must ever be sent. */
static struct gcm_slice text_of(struct rejects *rejects, const struct gcm_reject *reject,
                                struct gcm_slice text)
{
    struct gcm_slice field;
    struct gcm_raw array = import_list_array(text, &field);
    if (reject->kind != GCM_NDF_LISTS || !reject->other.size || !array.text.at)
        return text;
    return gcm_format(&rejects->scratch, "%.*s%.*s}",
                      GCM_P(gcm_slice_sub(text, 0, (size_t)(array.text.at - text.at))),
                      GCM_P(reject->other));
}

static void put_reason(struct rejects *rejects, const struct gcm_reject *reject, bool has_record)
{
    struct gcm_buffer line = gcm_buffer(&rejects->scratch, GCM_BUFFER_CAP);
    gcm_puts(&line, "{\"kind\":\"");
    gcm_puts(&line, gcm_ndf_names[reject->kind]);
    gcm_puts(&line, "\",\"type\":");
    gcm_put_raw_string(&line, reject->type);
    gcm_puts(&line, ",\"id\":");
    gcm_put_raw_string(&line, reject->id);
    if (reject->field.size) {
        gcm_puts(&line, ",\"field\":");
        gcm_put_raw_string(&line, reject->field);
    }
    if (reject->other.size && reject->kind == GCM_NDF_RELATIONS) {
        gcm_puts(&line, ",\"other\":");
        gcm_put_raw_string(&line, reject->other);
    }
    gcm_puts(&line, ",\"reason\":");
    gcm_put_raw_string(&line, reject->reason);
    gcm_putf(&line, ",\"inFile\":%s}\n", has_record ? "true" : "false");
    put(rejects->reasons, gcm_buffer_text(&line));
}

static gcm_result write_one(void *context, const struct gcm_reject *reject, struct gcm_error *err)
{
    struct rejects *rejects = context;
    struct gcm_record record;
    char name[64];
    FILE **file = &rejects->values[reject->kind];
    gcm_result result = make_record(rejects, reject, &record, err);
    bool has_record = result == GCM_OK && record.count > 0 && !record.withheld &&
                      !(reject->kind == GCM_NDF_LISTS && gcm_slice_is(reject->other, "[]"));
    if (has_record && !*file) {
        snprintf(name, sizeof name, "%s/000001.json", gcm_ndf_names[reject->kind]);
        result = open_one(rejects, name, file, err);
        if (result == GCM_OK)
            fprintf(*file, "{\"valueType\":\"%s\",\"values\":[", gcm_ndf_names[reject->kind]);
    }
    for (unsigned i = 0; result == GCM_OK && has_record && i < record.count; i++) {
        put(*file, rejects->written[reject->kind]++ ? GCM_S(",\n") : GCM_S("\n"));
        put(*file, text_of(rejects, reject, record.text[i]));
    }
    if (result == GCM_OK)
        put_reason(rejects, reject, has_record);
    gcm_arena_free(&rejects->scratch);
    return result;
}

static bool close_one(FILE *file, const char *end)
{
    if (!file)
        return true;
    bool good = fputs(end, file) >= 0 && !ferror(file);
    return fclose(file) == 0 && good;
}

gcm_result import_write_rejects(struct gcm_arena *arena, const struct gcm_record_maker *maker,
                                struct gcm_slice folder, struct gcm_error *err)
{
    struct rejects rejects = {.arena = arena, .maker = maker, .folder = folder};
    if (gcm_reject_count(maker->stage) == 0)
        return GCM_OK;
    gcm_result result = open_one(&rejects, "reasons.jsonl", &rejects.reasons, err);
    if (result == GCM_OK)
        result = gcm_reject_each(maker->stage, write_one, &rejects, err);
    bool good = close_one(rejects.reasons, "");
    for (int kind = 0; kind < GCM_NDF_KINDS; kind++)
        good &= close_one(rejects.values[kind], "\n]}\n");
    if (result == GCM_OK && !good)
        result = gcm_fail(arena, err, GCM_ENVIRONMENT, (struct gcm_place){0},
                          "%.*s cannot be written", GCM_P(folder));
    return result;
}
