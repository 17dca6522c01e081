#include "http/fate.h"

#include <string.h>

/* The position behind the string that starts at `at`, or NULL if it has no end. */
static const char *behind_string(const char *at, const char *end)
{
    while (++at < end && (at = memchr(at, '"', (size_t)(end - at)))) {
        const char *from = at;
        while (from[-1] == '\\')
            from--;
        if ((at - from) % 2 == 0)
            return at + 1;
    }
    return NULL;
}

bool gcm_http_whole_json(struct gcm_slice body)
{
    body = gcm_slice_trim(body);
    if (!body.size || (body.at[0] != '{' && body.at[0] != '['))
        return false;
    const char *at = body.at, *end = body.at + body.size;
    size_t depth = 0;
    while (at && at < end) {
        char c = *at;
        if (c == '"') {
            at = behind_string(at, end);
            continue;
        }
        if (c == '{' || c == '[')
            depth++;
        else if ((c == '}' || c == ']') && --depth == 0)
            return at + 1 == end;
        at++;
    }
    return false;
}

static bool is_html(struct gcm_slice body)
{
    struct gcm_slice text = gcm_slice_trim(body);
    return text.size && text.at[0] == '<';
}

/* Akka's refusal of a body above the server's limit; it may come while the body is being sent. */
static bool says_too_large(const struct gcm_http_end *end)
{
    return end->status == 413 ||
           (end->status == 400 && (!end->sent || gcm_slice_has(end->body, "EntityStreamSize") ||
                                   gcm_slice_has(end->body, "exceeded content length limit")));
}

enum gcm_http_fate gcm_http_judge(const struct gcm_http_end *end)
{
    if (says_too_large(end))
        return GCM_HTTP_TOO_LARGE;
    if (end->status == 429 || (end->status == 503 && end->retry_after))
        return GCM_HTTP_NOT_TAKEN;
    if (end->code != CURLE_OK)
        return end->sent ? GCM_HTTP_UNKNOWN : GCM_HTTP_NOT_TAKEN;
    if (end->status == 502 || end->status == 503 || end->status == 504)
        return GCM_HTTP_UNKNOWN;
    if (end->status >= 200 && end->status < 300)
        return gcm_http_whole_json(end->body) ? GCM_HTTP_ANSWERED : GCM_HTTP_UNKNOWN;
    return end->status >= 500 && is_html(end->body) ? GCM_HTTP_UNKNOWN : GCM_HTTP_ANSWERED;
}

bool gcm_http_hopeless(const struct gcm_http_end *end)
{
    return end->status == 0 &&
           (end->code == CURLE_URL_MALFORMAT || end->code == CURLE_UNSUPPORTED_PROTOCOL ||
            end->code == CURLE_LOGIN_DENIED || end->code == CURLE_PEER_FAILED_VERIFICATION ||
            end->code == CURLE_SSL_CACERT_BADFILE);
}

static const char *name_of(const struct gcm_http_end *end)
{
    switch (end->code) {
    case CURLE_URL_MALFORMAT:
        return "this is no URL";
    case CURLE_UNSUPPORTED_PROTOCOL:
        return end->sent ? "the answer is no HTTP" : "only http:// and https:// are spoken";
    case CURLE_LOGIN_DENIED:
        return "a user name in the URL is not supported: give a token";
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return "the host's name cannot be resolved";
    case CURLE_COULDNT_CONNECT:
        return "no connection: nobody listens there, or a firewall refuses";
    case CURLE_PEER_FAILED_VERIFICATION:
        return "the server's TLS certificate cannot be verified";
    case CURLE_SSL_CACERT_BADFILE:
        return "this machine's TLS certificates cannot be read";
    case CURLE_SSL_CONNECT_ERROR:
        return "the TLS handshake failed";
    case CURLE_WEIRD_SERVER_REPLY:
        return "the answer is no HTTP";
    case CURLE_BAD_CONTENT_ENCODING:
        return "the answer cannot be unpacked";
    case CURLE_PARTIAL_FILE:
        return "the answer was cut off";
    case CURLE_SEND_ERROR:
        return "the connection broke while sending";
    case CURLE_RECV_ERROR:
        return end->status ? "the answer was cut off" : "the connection was reset";
    case CURLE_GOT_NOTHING:
        return "the connection was closed without an answer";
    default:
        return "the transfer failed";
    }
}

static struct gcm_slice describe_failure(struct gcm_arena *arena, const struct gcm_http_end *end)
{
    if (end->over_cap)
        return gcm_format(arena, "the answer is larger than %zu bytes", end->body.size);
    if (end->stalled)
        return gcm_format(arena, "nothing came or went for too long (after %.1f s)", end->seconds);
    if (end->died)
        return GCM_S("the kept connection was closed while sending");
    if (end->code == CURLE_OPERATION_TIMEDOUT)
        return end->sent ? gcm_format(arena, "no answer within %.1f s", end->seconds)
                         : gcm_format(arena, "no connection within %.1f s", end->seconds);
    if (end->sent)
        return gcm_format(arena, "%s (after %.1f s)", name_of(end), end->seconds);
    return gcm_slice_of(name_of(end));
}

struct gcm_slice gcm_http_describe(struct gcm_arena *arena, const struct gcm_http_end *end)
{
    long status = end->status;
    if (status == 413 || says_too_large(end))
        return gcm_format(arena, "HTTP %ld: the request is too large for the server", status);
    if (end->code != CURLE_OK)
        return describe_failure(arena, end);
    if (status >= 200 && status < 300) {
        if (gcm_http_whole_json(end->body))
            return GCM_S("");
        struct gcm_slice text = gcm_slice_trim(end->body);
        return gcm_format(arena, "HTTP %ld %s", status,
                          !text.size                               ? "without an answer in it"
                          : text.at[0] == '<'                      ? "from a gateway (HTML)"
                          : text.at[0] == '{' || text.at[0] == '[' ? "with a body that is cut off"
                                                                   : "with a body that is no JSON");
    }
    if (status >= 300 && status < 400)
        return gcm_format(arena, "HTTP %ld: a redirect, which is never followed", status);
    return gcm_format(arena, "HTTP %ld%s", status,
                      is_html(end->body) ? " from a gateway (HTML)"
                      : status == 429    ? ": too many requests"
                                         : "");
}
