/* export: the order of the work, from whichever source. */
#include "transfer/export/parts.h"

#include "core/file.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

enum gcm_step gcm_export_step(enum gcm_ndf_kind kind)
{
    static const enum gcm_step steps[] = {GCM_STEP_NODES, GCM_STEP_LISTS, GCM_STEP_RELATIONS};
    return steps[kind];
}

/* --- the guard's name of the source --- */

static bool hash_file(struct gcm_arena *arena, struct gcm_slice path, char hex[65], uint64_t *size)
{
    enum { PIECE = 65536 };
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    char *piece = gcm_arena_text(arena, PIECE);
    FILE *file = fopen(gcm_cstring(arena, path), "rb");
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    bool good = file && hash && EVP_DigestInit_ex(hash, EVP_sha256(), NULL);
    *size = 0;
    while (good) {
        size_t count = fread(piece, 1, PIECE, file);
        if (!count)
            break;
        *size += count;
        good = EVP_DigestUpdate(hash, piece, count) == 1;
    }
    good = good && !ferror(file) && EVP_DigestFinal_ex(hash, digest, &length) && length == 32;
    for (size_t i = 0; good && i < 32; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[64] = '\0';
    EVP_MD_CTX_free(hash);
    if (file)
        fclose(file);
    return good;
}

/* A folder is known by its name: its files are compared as they are read. */
static struct gcm_slice name_source(struct gcm_exporter *exporter)
{
    const struct gcm_export_options *options = exporter->options;
    char hex[65];
    uint64_t size = 0;
    if (!options->archive.size)
        return exporter->api;
    struct gcm_slice name = gcm_path_name(options->archive);
    if (gcm_folder_exists(exporter->arena, options->archive))
        return gcm_format(exporter->arena, "%.*s, a folder", GCM_P(name));
    if (!hash_file(exporter->arena, options->archive, hex, &size))
        return name;
    return gcm_format(exporter->arena, "%.*s, %llu bytes, sha256 %s", GCM_P(name),
                      (unsigned long long)size, hex);
}

static gcm_result guard(struct gcm_exporter *exporter)
{
    struct gcm_guard guard = {.source = name_source(exporter)};
    return gcm_stage_guard(exporter->stage, &guard, exporter->err);
}

/* --- the endpoint --- */

static struct gcm_slice cut_end(struct gcm_slice url, const char *end)
{
    return gcm_slice_ends(url, end) ? gcm_slice_sub(url, 0, url.size - strlen(end)) : url;
}

/* …/simple/v1/ID, from whatever of the service's URLs was given. */
static struct gcm_slice simple_url(struct gcm_arena *arena, struct gcm_slice url)
{
    static const char relay[] = "/relay/v1/";
    while (gcm_slice_ends(url, "/"))
        url = cut_end(url, "/");
    url = cut_end(cut_end(url, "/export"), "/import");
    for (size_t at = 0; at + sizeof relay - 1 <= url.size; at++)
        if (!memcmp(url.at + at, relay, sizeof relay - 1))
            return gcm_format(arena, "%.*s/simple/v1/%.*s", (int)at, url.at,
                              GCM_P(gcm_slice_sub(url, at + sizeof relay - 1, url.size)));
    return url;
}

static gcm_result open_endpoint(struct gcm_exporter *exporter)
{
    const struct gcm_export_options *options = exporter->options;
    if (!options->endpoint.size)
        return GCM_OK;
    exporter->api = simple_url(exporter->arena, options->endpoint);
    exporter->door = gcm_format(exporter->arena, "%.*s/export", GCM_P(exporter->api));
    struct gcm_http_options http = options->http;
    http.token = options->token;
    return gcm_ahead_open(exporter->arena, &http, exporter->progress, &exporter->server,
                          exporter->err);
}

/* --- one kind, live --- */

static gcm_result finish(struct gcm_exporter *exporter, enum gcm_ndf_kind kind)
{
    uint64_t dropped = 0;
    struct gcm_slice none = {0};
    gcm_result result = gcm_stage_seal(exporter->stage, kind, &dropped, exporter->err);
    if (!result)
        result = gcm_stage_begin(exporter->stage, exporter->err);
    if (result)
        return result;
    if (dropped)
        result = gcm_export_find(exporter, kind, GCM_EXP_CHANGED, none, none, none,
                                 "%llu %s came twice: the source was written to while it was read",
                                 (unsigned long long)dropped, gcm_ndf_names[kind]);
    if (!result)
        result = gcm_stage_set_step(
            exporter->stage, gcm_export_step(kind), GCM_STEP_DONE, GCM_S("live -1 -1"),
            gcm_format(exporter->arena, "%llu %s",
                       (unsigned long long)gcm_stage_count(exporter->stage, kind),
                       gcm_ndf_names[kind]),
            exporter->err);
    if (!result)
        return gcm_stage_commit(exporter->stage, exporter->err);
    gcm_stage_rollback(exporter->stage);
    return result;
}

void gcm_export_ask_behind(struct gcm_exporter *exporter, enum gcm_ndf_kind kind)
{
    struct gcm_error ignored;
    struct gcm_step_row step = {.state = GCM_STEP_DONE};
    enum gcm_ndf_kind next = kind + 1;
    if (exporter->options->archive.size)
        return;
    if (next == GCM_NDF_LISTS && !exporter->listed.count)
        next++;
    if (next == GCM_NDF_KINDS)
        gcm_export_count_ahead(exporter);
    else if (!gcm_stage_step(exporter->stage, gcm_export_step(next), &step, &ignored) &&
             step.state == GCM_STEP_NOT_YET)
        gcm_export_ask_ahead(exporter, next, 0, 0);
}

gcm_result gcm_export_live(struct gcm_exporter *exporter, enum gcm_ndf_kind kind)
{
    struct gcm_step_row step;
    uint64_t total = 0;
    gcm_result result =
        gcm_stage_step(exporter->stage, gcm_export_step(kind), &step, exporter->err);
    if (result || step.state == GCM_STEP_DONE)
        return result;
    if (kind == GCM_NDF_NODES && exporter->counted)
        gcm_each (struct gcm_export_type *, type, exporter->types)
            total += (*type)->before;
    gcm_progress_start(exporter->progress, gcm_ndf_names[kind], total,
                       gcm_stage_count(exporter->stage, kind));
    result =
        kind == GCM_NDF_LISTS ? gcm_export_read_lists(exporter) : gcm_export_read(exporter, kind);
    if (!result)
        result = finish(exporter, kind);
    gcm_progress_end(exporter->progress);
    return result;
}

static gcm_result read_source(struct gcm_exporter *exporter)
{
    gcm_result result = GCM_OK;
    if (exporter->options->archive.size) {
        result = gcm_export_archive(exporter);
        if (!result && exporter->server)
            result = gcm_export_compare(exporter);
        return result;
    }
    for (enum gcm_ndf_kind kind = 0; !result && kind < GCM_NDF_KINDS; kind++)
        result = gcm_export_live(exporter, kind);
    return result;
}

static gcm_result look_again(struct gcm_exporter *exporter)
{
    bool differs = false;
    if (!exporter->server || !exporter->counted)
        return GCM_OK;
    gcm_result result = gcm_export_count(exporter, true);
    if (!result)
        result = gcm_export_check_counts(exporter, &differs);
    return result;
}

/* Which sources this stage was made from; an archive may get its endpoint later. */
static struct gcm_slice sources(const struct gcm_exporter *exporter)
{
    return !exporter->options->archive.size ? GCM_S("endpoint")
           : exporter->server               ? GCM_S("archive and endpoint")
                                            : GCM_S("archive");
}

static gcm_result work(struct gcm_exporter *exporter)
{
    if (gcm_slice_equal(gcm_stage_note(exporter->stage, "export.done"), sources(exporter)))
        return GCM_OK;
    gcm_result result = GCM_OK;
    if (exporter->server)
        result = gcm_export_server_types(exporter);
    gcm_export_recall_types(exporter);
    if (!result && exporter->server)
        result = gcm_export_count(exporter, false);
    if (!result)
        result = read_source(exporter);
    if (!result)
        result = look_again(exporter);
    if (!result)
        result = gcm_export_prove(exporter);
    if (!result)
        result =
            gcm_stage_put_note(exporter->stage, "export.done", sources(exporter), exporter->err);
    return result;
}

gcm_result gcm_export(struct gcm_arena *arena, const struct gcm_project *project,
                      const struct gcm_export_options *options, struct gcm_stage *stage,
                      struct gcm_progress *progress, struct gcm_export_result *result,
                      struct gcm_error *err)
{
    struct gcm_exporter exporter = {.arena = arena,
                                    .project = project,
                                    .options = options,
                                    .stage = stage,
                                    .progress = progress,
                                    .err = err,
                                    .result = result};
    *result = (struct gcm_export_result){0};
    gcm_export_project_types(&exporter);
    gcm_result code = open_endpoint(&exporter);
    if (!code)
        code = guard(&exporter);
    if (!code)
        code = work(&exporter);
    if (!code)
        code = gcm_export_judge(&exporter);
    gcm_ahead_close(exporter.server);
    return code;
}
