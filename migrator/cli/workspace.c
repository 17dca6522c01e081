#include "cli/workspace.h"

#include "core/file.h"
#include "graphql/print.h"

#include <openssl/evp.h>

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
    for (size_t i = 0; i < options->repairs.count; i++)
        *gcm_push(arena, &workspace->repairs.rules) = gcm_slice_of(options->repairs.at[i]);
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
