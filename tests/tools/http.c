/* Sends the same request COUNT times, WIDTH at once, and prints a line of JSON for each answer.
 *     http send URL KEY=VALUE…    body=BYTES count= width= repeatable=1 tries= backoff= timeout=
 *                                 connect= stall= cap= token=VARIABLE
 *     http sign SECRET SERVICE NOW SECONDS
 *     http token FILE|"" VARIABLE */
#include "http/http.h"
#include "core/interrupt.h"
#include "core/json.h"
#include "http/token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const fates[] = {"ANSWERED", "NOT_TAKEN", "TOO_LARGE", "UNKNOWN"};

static const char *value(int argc, char **argv, const char *key)
{
    size_t size = strlen(key);
    for (int i = 3; i < argc; i++)
        if (!strncmp(argv[i], key, size) && argv[i][size] == '=')
            return argv[i] + size + 1;
    return "";
}

static long number(int argc, char **argv, const char *key)
{
    return strtol(value(argc, argv, key), NULL, 10);
}

static void print_answer(const struct gcm_http_request *request,
                         const struct gcm_http_answer *answer)
{
    struct gcm_arena arena = {0};
    struct gcm_buffer out = gcm_buffer(&arena, GCM_BUFFER_CAP);
    struct gcm_json json = gcm_json(&out);
    struct gcm_error err = {0};
    gcm_http_fail(&arena, request, answer, &err);
    gcm_json_open(&json, '{');
    gcm_json_member_number(&json, "tag", answer->tag);
    gcm_json_member(&json, "fate", gcm_slice_of(fates[answer->fate]));
    gcm_json_member_number(&json, "status", (uint64_t)answer->status);
    gcm_json_member_number(&json, "tries", answer->tries);
    gcm_json_member_number(&json, "bytes", answer->body.size);
    gcm_json_member(&json, "body", gcm_slice_sub(answer->body, 0, 200));
    gcm_json_member(&json, "problem", answer->problem);
    gcm_json_member(&json, "error", err.message);
    gcm_json_member_bool(&json, "retryable", err.retryable);
    gcm_json_close(&json, '}');
    gcm_putc(&out, '\n');
    struct gcm_slice text = gcm_buffer_text(&out);
    for (size_t i = 0; i + 1 < text.size; i++)
        putchar(text.at[i] == '\n' ? ' ' : text.at[i]);
    putchar('\n');
    gcm_arena_free(&arena);
}

static struct gcm_slice make_body(struct gcm_arena *arena, size_t size)
{
    if (size < 2)
        return GCM_S("{}");
    char *body = gcm_arena_alloc(arena, size);
    memset(body, ' ', size);
    body[0] = '[';
    body[size - 1] = ']';
    return (struct gcm_slice){body, size};
}

static int send_all(struct gcm_arena *arena, struct gcm_http *http, int argc, char **argv)
{
    struct gcm_http_request request = {.url = gcm_slice_of(argv[2]),
                                       .body = make_body(arena, (size_t)number(argc, argv, "body")),
                                       .repeatable = number(argc, argv, "repeatable") != 0};
    size_t count = (size_t)number(argc, argv, "count"), width = (size_t)number(argc, argv, "width");
    for (size_t sent = 0;;) {
        while (sent < (count ? count : 1) && gcm_http_in_flight(http) < (width ? width : 1)) {
            request.tag = sent++;
            gcm_http_start(http, &request);
        }
        struct gcm_http_answer answer;
        gcm_result result = gcm_http_next(http, &answer);
        if (result != GCM_OK)
            return result == GCM_END ? 0 : 130;
        print_answer(&request, &answer);
    }
}

static int send_requests(struct gcm_arena *arena, int argc, char **argv)
{
    const char *token = getenv(value(argc, argv, "token"));
    struct gcm_http_options options = {
        .token = gcm_slice_of(token),
        .connect_timeout_ms = number(argc, argv, "connect"),
        .timeout_ms = number(argc, argv, "timeout"),
        .stall_ms = number(argc, argv, "stall"),
        .tries = (unsigned)number(argc, argv, "tries"),
        .backoff_ms = number(argc, argv, "backoff"),
        .answer_cap = (size_t)number(argc, argv, "cap"),
    };
    struct gcm_http *http;
    struct gcm_error err;
    gcm_interrupt_catch();
    if (gcm_http_open(arena, &options, &http, &err) != GCM_OK) {
        fprintf(stderr, "%.*s\n", GCM_P(err.message));
        return 2;
    }
    int code = send_all(arena, http, argc, argv);
    gcm_http_close(http);
    return code;
}

static int read_token(struct gcm_arena *arena, char **argv)
{
    struct gcm_token_source source = {*argv[2] ? argv[2] : NULL, argv[3], NULL};
    struct gcm_slice token;
    struct gcm_error err;
    if (gcm_token_read(arena, &source, &token, &err) != GCM_OK) {
        fprintf(stderr, "%.*s\n", GCM_P(err.message));
        return 2;
    }
    printf("%.*s\n", GCM_P(token));
    return 0;
}

int main(int argc, char **argv)
{
    struct gcm_arena arena = {0};
    int code = 1;
    if (argc > 2 && !strcmp(argv[1], "send"))
        code = send_requests(&arena, argc, argv);
    else if (argc == 4 && !strcmp(argv[1], "token"))
        code = read_token(&arena, argv);
    else if (argc == 6 && !strcmp(argv[1], "sign")) {
        struct gcm_slice token =
            gcm_token_sign(&arena, gcm_slice_of(argv[2]), gcm_slice_of(argv[3]),
                           strtoll(argv[4], NULL, 10), strtoll(argv[5], NULL, 10));
        printf("%.*s\n", GCM_P(token));
        code = 0;
    }
    gcm_arena_free(&arena);
    return code;
}
