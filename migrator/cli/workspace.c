#include "cli/workspace.h"

#include "core/file.h"
#include "graphql/print.h"

#include <openssl/evp.h>

static const char REPAIRS[] = "repairs";

struct gcm_slice gcm_workspace_folder(struct gcm_arena *arena,
                                      const struct gcm_workspace_options *options)
{
    if (options->workspace && *options->workspace)
        return gcm_slice_of(options->workspace);
    struct gcm_slice out = gcm_slice_of(options->out && *options->out ? options->out : "app");
    while (out.size > 1 && gcm_slice_ends(out, "/"))
        out.size--;
    return gcm_path_join(arena, gcm_path_folder(out), GCM_S(".graphcool-migrate"));
}

struct gcm_slice gcm_project_hash(struct gcm_arena *arena, const struct gcm_project *project)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    struct gcm_buffer hex = gcm_buffer(arena, GCM_BUFFER_CAP);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_DigestInit_ex(context, EVP_sha256(), NULL);
    gcm_each (struct gcm_source_file *, file, project->type_files)
        if ((*file)->file)
            EVP_DigestUpdate(context, (*file)->file->text.at, (*file)->file->text.size);
    EVP_DigestFinal_ex(context, digest, &size);
    EVP_MD_CTX_free(context);
    for (unsigned i = 0; i < size; i++)
        gcm_putf(&hex, "%02x", digest[i]);
    return gcm_buffer_text(&hex);
}

static enum gcm_exit guard(struct gcm_arena *arena, struct gcm_workspace *workspace,
                           enum gcm_stage_use use)
{
    struct gcm_error err = {0};
    struct gcm_guard guard = {.project = gcm_project_hash(arena, workspace->plan->project)};
    if (use != GCM_STAGE_CREATE)
        guard.plan = gcm_shape_hash(arena, workspace->shape, &workspace->repairs.rules);
    if (gcm_stage_guard(workspace->stage, &guard, &err) != GCM_OK)
        return gcm_report_error(&err);
    return GCM_EXIT_OK;
}

static void add_repair(struct gcm_arena *arena, struct gcm_repairs *repairs, struct gcm_slice rule)
{
    gcm_each (const struct gcm_slice, there, repairs->rules)
        if (gcm_slice_equal(*there, rule))
            return;
    *gcm_push(arena, &repairs->rules) = rule;
}

/* Those of the command line, or those that an earlier check kept; `none` stands for none. In the
 * order of their ids, so that the same ones give the same hash. */
static void read_repairs(struct gcm_arena *arena, const struct gcm_workspace_options *options,
                         struct gcm_workspace *workspace)
{
    struct gcm_repairs *repairs = &workspace->repairs;
    for (size_t i = 0; i < options->repairs.count; i++)
        if (!gcm_slice_is(gcm_slice_of(options->repairs.at[i]), "none"))
            add_repair(arena, repairs, gcm_slice_of(options->repairs.at[i]));
    struct gcm_slice kept =
        options->repairs.count ? GCM_S("") : gcm_stage_note(workspace->stage, REPAIRS);
    while (kept.size) {
        size_t end = gcm_slice_find(kept, ' ');
        add_repair(arena, repairs, gcm_slice_sub(kept, 0, end));
        kept = gcm_slice_sub(kept, end + 1, kept.size);
    }
    for (size_t i = 1; i < repairs->rules.count; i++)
        for (size_t j = i;
             j > 0 && gcm_slice_compare(repairs->rules.at[j], repairs->rules.at[j - 1]) < 0; j--) {
            struct gcm_slice rule = repairs->rules.at[j];
            repairs->rules.at[j] = repairs->rules.at[j - 1];
            repairs->rules.at[j - 1] = rule;
        }
}

gcm_result gcm_workspace_keep_repairs(const struct gcm_workspace *workspace, struct gcm_error *err)
{
    struct gcm_arena arena = {0};
    struct gcm_buffer text = gcm_buffer(&arena, GCM_BUFFER_CAP);
    gcm_each (const struct gcm_slice, rule, workspace->repairs.rules)
        gcm_putf(&text, "%s%.*s", text.size ? " " : "", GCM_P(*rule));
    gcm_result result = gcm_stage_put_note(workspace->stage, REPAIRS, gcm_buffer_text(&text), err);
    gcm_arena_free(&arena);
    return result;
}

enum gcm_exit gcm_workspace_open(struct gcm_arena *arena, const char *project,
                                 const struct gcm_workspace_options *options,
                                 enum gcm_stage_use use, struct gcm_workspace *workspace)
{
    struct gcm_error err = {0};
    enum gcm_exit code = gcm_open_plan(arena, project, &options->open, &workspace->plan);
    if (code != GCM_EXIT_OK)
        return code;
    workspace->folder = gcm_workspace_folder(arena, options);
    if (gcm_shape_make(arena, workspace->plan, &workspace->shape, &err) != GCM_OK &&
        use != GCM_STAGE_CREATE)
        return gcm_report_error(&err);
    if (gcm_stage_open(arena, workspace->folder, use, &workspace->stage, &err) != GCM_OK)
        return gcm_report_error(&err);
    read_repairs(arena, options, workspace);
    workspace->maker = (struct gcm_record_maker){.stage = workspace->stage,
                                                 .shape = workspace->shape,
                                                 .repairs = &workspace->repairs,
                                                 .memory = gcm_maker_memory(arena)};
    return guard(arena, workspace, use);
}

void gcm_workspace_close(struct gcm_workspace *workspace)
{
    if (workspace->stage)
        gcm_stage_close(workspace->stage);
    workspace->stage = NULL;
}
