/* verdict: judges projects as the Framework's server did.
 *
 *     verdict FOLDER…      the verdict of each, one JSON value after the other
 *     verdict < LINES      each line a JSON object of files, {"graphcool.yml": text, name: text}
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/json.h"
#include "verdict/verdict.h"

static void print_verdict(struct gcm_arena *arena, const struct gcm_verdict *verdict)
{
    static const char *const kinds[] = {"accepted", "refused", "unreadable", "other format"};
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    struct gcm_json json = gcm_json(&out);
    gcm_json_open(&json, '{');
    gcm_json_member(&json, "kind", gcm_slice_of(kinds[verdict->kind]));
    gcm_json_member_bool(&json, "accepted", verdict->accepted);
    gcm_json_member_bool(&json, "usable", verdict->usable);
    gcm_json_member_or_null(&json, "cause", verdict->dead_cause);
    gcm_json_key(&json, "errors");
    gcm_json_open(&json, '[');
    gcm_each (const struct gcm_server_error, error, verdict->errors) {
        struct gcm_buffer place = gcm_buffer(arena, GCM_BUFFER_CAP);
        gcm_put_place(&place, error->place);
        gcm_json_open(&json, '{');
        gcm_json_member(&json, "type", error->type);
        gcm_json_member_or_null(&json, "field", error->field);
        gcm_json_member(&json, "description", error->message);
        gcm_json_member_or_null(&json, "place", gcm_buffer_text(&place));
        gcm_json_member_or_null(&json, "hint", error->hint);
        gcm_json_close(&json, '}');
    }
    gcm_json_close(&json, ']');
    gcm_json_close(&json, '}');
    printf("%s\n", gcm_buffer_text(&out).at);
}

static void print_error(const struct gcm_error *error)
{
    cJSON *text = cJSON_CreateString(error->message.at);
    char *quoted = cJSON_PrintUnformatted(text);
    printf("{\"kind\": \"no project\", \"message\": %s}\n", quoted);
    free(quoted);
    cJSON_Delete(text);
}

static void judge_folder(const char *path)
{
    struct gcm_arena arena = {0};
    struct gcm_error error = {0};
    struct gcm_project *project;
    struct gcm_project_options options = {.ignore_environment = true};
    if (gcm_project_read(&arena, gcm_slice_of(path), &options, &project, &error) == GCM_OK)
        print_verdict(&arena, gcm_verdict_of(project));
    else
        print_error(&error);
    gcm_arena_free(&arena);
}

static void judge_line(const char *line)
{
    struct gcm_arena arena = {0};
    struct gcm_error error = {0};
    struct gcm_project *project;
    cJSON *root = cJSON_Parse(line), *member;
    GCM_VEC(struct gcm_file) files = {0};
    cJSON_ArrayForEach(member, root)
    {
        *gcm_push(&arena, &files) =
            (struct gcm_file){gcm_slice_of(member->string), gcm_slice_of(member->valuestring)};
    }
    if (gcm_project_of(&arena, files.at, files.count, &project, &error) == GCM_OK)
        print_verdict(&arena, gcm_verdict_of(project));
    else
        print_error(&error);
    cJSON_Delete(root);
    gcm_arena_free(&arena);
}

int main(int count, char **arguments)
{
    for (int i = 1; i < count; i++)
        judge_folder(arguments[i]);
    if (count > 1)
        return 0;
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, stdin) > 0)
        judge_line(line);
    free(line);
    return 0;
}
