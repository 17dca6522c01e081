#include "cli/target.h"

#include "core/file.h"
#include "core/yaml.h"
#include "http/token.h"

#include <stdlib.h>
#include <time.h>

enum { ENV_CAP = 256 * 1024 };

struct search {
    struct gcm_arena *arena;
    struct gcm_slice env; /* text of .env */
};

/* ---- .env ---- */

static struct gcm_slice next_line(struct gcm_slice *text)
{
    size_t size = gcm_slice_find(*text, '\n');
    struct gcm_slice line = gcm_slice_sub(*text, 0, size);
    *text = gcm_slice_sub(*text, size + (size < text->size), text->size);
    return gcm_slice_trim(line);
}

/* As dotenv reads it: one pair of quotes around a value is dropped, "export" before a name too. */
static struct gcm_slice env_value(struct gcm_slice text, struct gcm_slice name)
{
    struct gcm_slice value = {0};
    while (text.size) {
        struct gcm_slice line = next_line(&text);
        if (gcm_slice_starts(line, "export "))
            line = gcm_slice_trim(gcm_slice_sub(line, 7, line.size));
        size_t equals = gcm_slice_find(line, '=');
        if (equals == line.size ||
            !gcm_slice_equal(gcm_slice_trim(gcm_slice_sub(line, 0, equals)), name))
            continue;
        value = gcm_slice_trim(gcm_slice_sub(line, equals + 1, line.size));
        if (value.size >= 2 && (value.at[0] == '"' || value.at[0] == '\'') &&
            value.at[value.size - 1] == value.at[0])
            value = gcm_slice_sub(value, 1, value.size - 2);
    }
    return value;
}

static struct gcm_slice variable(const struct search *search, struct gcm_slice name)
{
    struct gcm_slice value = gcm_slice_of(getenv(gcm_cstring(search->arena, name)));
    return value.size ? value : env_value(search->env, name);
}

/* ---- prisma.yml ---- */

/* "env:NAME", with fallbacks behind commas: env:OTHER or 'text'. */
static struct gcm_slice expand_one(const struct search *search, struct gcm_slice expression)
{
    while (expression.size) {
        size_t comma = gcm_slice_find(expression, ',');
        struct gcm_slice part = gcm_slice_trim(gcm_slice_sub(expression, 0, comma));
        expression = gcm_slice_sub(expression, comma + 1, expression.size);
        struct gcm_slice value = {0};
        if (gcm_slice_starts(part, "env:"))
            value = variable(search, gcm_slice_trim(gcm_slice_sub(part, 4, part.size)));
        else if (part.size >= 2 && (part.at[0] == '\'' || part.at[0] == '"'))
            value = gcm_slice_sub(part, 1, part.size - 2);
        if (value.size)
            return value;
    }
    return (struct gcm_slice){0};
}

static struct gcm_slice expand(const struct search *search, struct gcm_slice text)
{
    struct gcm_buffer out = gcm_buffer(search->arena, GCM_BUFFER_CAP);
    while (text.size) {
        size_t at = 0;
        while (at < text.size && !gcm_slice_starts(gcm_slice_sub(text, at, 2), "${"))
            at++;
        gcm_put(&out, gcm_slice_sub(text, 0, at));
        text = gcm_slice_sub(text, at, text.size);
        if (!text.size)
            break;
        size_t end = gcm_slice_find(text, '}');
        gcm_put(&out, expand_one(search, gcm_slice_sub(text, 2, end - 2)));
        text = gcm_slice_sub(text, end + 1, text.size);
    }
    return gcm_buffer_text(&out);
}

/* The file of the converted project: NULL where there is none. */
static struct gcm_file *read_file(struct search *search, struct gcm_slice folder, const char *name)
{
    struct gcm_error ignored;
    struct gcm_file *file = NULL;
    struct gcm_slice path = gcm_path_join(search->arena, folder, gcm_slice_of(name));
    if (gcm_file_read(search->arena, path, path, ENV_CAP, &file, &ignored) != GCM_OK)
        return NULL;
    return file;
}

static gcm_result read_yaml(struct search *search, struct gcm_slice folder,
                            struct gcm_service_target *target, struct gcm_error *err)
{
    struct gcm_yaml *root = NULL;
    const struct gcm_file *file = read_file(search, folder, "prisma/prisma.yml");
    if (!file)
        file = read_file(search, folder, "prisma.yml");
    if (!file)
        return GCM_OK;
    gcm_result result = gcm_yaml_read(search->arena, file, &root, err);
    if (result != GCM_OK)
        return result;
    target->endpoint = expand(search, gcm_yaml_text(gcm_yaml_get(root, "endpoint")));
    target->secret = expand(search, gcm_yaml_text(gcm_yaml_get(root, "secret")));
    return GCM_OK;
}

/* ---- the endpoint ---- */

/* "http://host:4466/service/stage" → "service@stage"; parts that are missing are "default"
 * (spec/prisma1.md §2.1), a third one before them is the workspace. */
static struct gcm_slice service_of(struct gcm_arena *arena, struct gcm_slice path)
{
    struct gcm_slice parts[2] = {GCM_S("default"), GCM_S("default")};
    size_t count = 0;
    while (path.size) {
        size_t size = gcm_slice_find(path, '/');
        if (size > 0 && count == 2)
            parts[0] = parts[1];
        if (size > 0)
            parts[count < 2 ? count++ : 1] = gcm_slice_sub(path, 0, size);
        path = gcm_slice_sub(path, size + 1, path.size);
    }
    return gcm_format(arena, "%.*s@%.*s", GCM_P(parts[0]), GCM_P(parts[1]));
}

static gcm_result check_endpoint(struct gcm_arena *arena, struct gcm_service_target *target,
                                 struct gcm_error *err)
{
    struct gcm_slice url = gcm_slice_trim(target->endpoint);
    struct gcm_place nowhere = {0};
    while (url.size && url.at[url.size - 1] == '/')
        url.size--;
    if (!url.size) {
        gcm_fail(arena, err, GCM_USAGE, nowhere, "which Prisma service? None is known");
        err->hint = GCM_S("Give --endpoint URL, or set PRISMA_ENDPOINT in .env of the converted "
                          "project (--out).");
        return GCM_USAGE;
    }
    size_t scheme = gcm_slice_starts(url, "https://")  ? 8
                    : gcm_slice_starts(url, "http://") ? 7
                                                       : 0;
    struct gcm_slice rest = gcm_slice_sub(url, scheme, url.size);
    size_t host = gcm_slice_find(rest, '/');
    bool odd = gcm_slice_find(url, '?') < url.size || gcm_slice_find(url, '#') < url.size;
    if (!scheme || !host || odd || gcm_slice_find(gcm_slice_sub(rest, 0, host), '@') < host)
        return gcm_fail(
            arena, err, GCM_USAGE, nowhere,
            "the endpoint of a Prisma service looks like http://HOST:PORT/SERVICE/STAGE, "
            "without a user name");
    target->endpoint = url;
    target->service = service_of(arena, gcm_slice_sub(rest, host + 1, rest.size));
    return GCM_OK;
}

/* A service may have several secrets, separated by commas: the first one signs. */
static struct gcm_slice first_secret(struct gcm_arena *arena, struct gcm_slice secrets)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    for (size_t i = 0; i < secrets.size && secrets.at[i] != ','; i++)
        if (secrets.at[i] > ' ')
            gcm_putc(&out, secrets.at[i]);
    return gcm_buffer_text(&out);
}

enum gcm_exit gcm_target_find(struct gcm_arena *arena, const struct gcm_target_options *options,
                              const char *out, struct gcm_service_target *target)
{
    struct gcm_error err = {0};
    struct search search = {.arena = arena};
    struct gcm_slice folder = gcm_slice_of(out && *out ? out : "app");
    const struct gcm_file *env = read_file(&search, folder, ".env");
    *target = (struct gcm_service_target){0};
    if (env)
        search.env = env->text;
    gcm_result result = read_yaml(&search, folder, target, &err);
    if (result != GCM_OK)
        return gcm_report_error(&err);
    if (options->endpoint)
        target->endpoint = gcm_slice_of(options->endpoint);
    else if (!target->endpoint.size)
        target->endpoint = variable(&search, GCM_S("PRISMA_ENDPOINT"));
    struct gcm_slice secret = {0};
    const struct gcm_token_source source = {.file = options->secret_file,
                                            .variable = "PRISMA_SECRET"};
    result = gcm_token_read(arena, &source, &secret, &err);
    if (result == GCM_OK && !secret.size && !target->secret.size)
        secret = env_value(search.env, GCM_S("PRISMA_SECRET"));
    if (secret.size)
        target->secret = secret;
    target->secret = first_secret(arena, target->secret);
    if (result == GCM_OK)
        result = check_endpoint(arena, target, &err);
    return result == GCM_OK ? GCM_EXIT_OK : gcm_report_error(&err);
}

struct gcm_slice gcm_target_token(struct gcm_arena *arena, const struct gcm_service_target *target,
                                  int64_t seconds)
{
    if (!target->secret.size)
        return (struct gcm_slice){0};
    return gcm_token_sign(arena, target->secret, target->service, (int64_t)time(NULL), seconds);
}
