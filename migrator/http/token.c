#include "http/token.h"

#include "core/json.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { TOKEN_CAP = 16 * 1024 };

/* ---- reading ---- */

static gcm_result check(struct gcm_arena *arena, struct gcm_slice text, const char *from,
                        struct gcm_slice *token, struct gcm_error *err)
{
    text = gcm_slice_trim(text);
    for (size_t i = 0; i < text.size; i++)
        if (text.at[i] <= ' ' || text.at[i] > '~')
            return gcm_fail(arena, err, GCM_BAD_INPUT, (struct gcm_place){0},
                            "%s: a token is one line of letters, digits and signs, without blanks",
                            from);
    *token = gcm_copy(arena, text);
    return GCM_OK;
}

/* A file may be a pipe: --token-file <(…). */
static gcm_result read_file(struct gcm_arena *arena, const char *path, struct gcm_slice *token,
                            struct gcm_error *err)
{
    char text[TOKEN_CAP + 1];
    size_t size = 0;
    bool standard = !strcmp(path, "-");
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = -1;
    while (fd >= 0 && size < sizeof text) {
        got = read(fd, text + size, sizeof text - size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        size += (size_t)got;
    }
    int error = errno;
    if (fd >= 0 && !standard)
        close(fd);
    struct gcm_place nowhere = {0};
    if (got < 0)
        return gcm_fail(arena, err, GCM_BAD_INPUT, nowhere, "the token cannot be read from %s: %s",
                        path, strerror(error));
    if (size > TOKEN_CAP)
        return gcm_fail(arena, err, GCM_BAD_INPUT, nowhere, "%s is too long for a token", path);
    gcm_result result = check(arena, (struct gcm_slice){text, size}, path, token, err);
    if (result == GCM_OK && !token->size)
        return gcm_fail(arena, err, GCM_BAD_INPUT, nowhere, "%s holds no token", path);
    return result;
}

enum { CONTROL_C = 3, CONTROL_D = 4, CONTROL_U = 21, BACKSPACE = 8, DELETE = 127 };

/* Reads a line key by key, since no signal may end us while the terminal does not echo. */
static gcm_result read_line(int terminal, char *text, size_t room, size_t *size)
{
    *size = 0;
    for (;;) {
        char c = 0;
        ssize_t got = read(terminal, &c, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (c == CONTROL_C)
            return GCM_INTERRUPTED;
        if (got <= 0 || c == '\n' || c == '\r' || c == CONTROL_D)
            return GCM_OK;
        if (c == BACKSPACE || c == DELETE)
            *size -= *size > 0;
        else if (c == CONTROL_U)
            *size = 0;
        else if (*size < room)
            text[(*size)++] = c;
    }
}

static bool say(int terminal, const char *text)
{
    return write(terminal, text, strlen(text)) >= 0;
}

static gcm_result ask(struct gcm_arena *arena, const char *prompt, struct gcm_slice *token,
                      struct gcm_error *err)
{
    struct termios usual, silent;
    int terminal = isatty(STDIN_FILENO) ? open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY) : -1;
    if (terminal < 0)
        return GCM_OK;
    gcm_result result = GCM_OK;
    if (tcgetattr(terminal, &usual) == 0) {
        char text[TOKEN_CAP];
        size_t size = 0;
        silent = usual;
        silent.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG);
        tcsetattr(terminal, TCSAFLUSH, &silent);
        if (say(terminal, prompt) && say(terminal, ": "))
            result = read_line(terminal, text, sizeof text, &size);
        tcsetattr(terminal, TCSAFLUSH, &usual);
        say(terminal, "\n");
        result = result == GCM_OK
                     ? check(arena, (struct gcm_slice){text, size}, "the terminal", token, err)
                     : gcm_fail(arena, err, result, (struct gcm_place){0}, "interrupted");
    }
    close(terminal);
    return result;
}

gcm_result gcm_token_read(struct gcm_arena *arena, const struct gcm_token_source *source,
                          struct gcm_slice *token, struct gcm_error *err)
{
    *token = GCM_S("");
    if (source->file)
        return read_file(arena, source->file, token, err);
    const char *value = source->variable ? getenv(source->variable) : NULL;
    if (value && *value)
        return check(arena, gcm_slice_of(value), source->variable, token, err);
    return source->prompt ? ask(arena, source->prompt, token, err) : GCM_OK;
}

/* ---- signing ---- */

/* Base64 for URLs, without padding (RFC 7515 §2). */
static void put_base64url(struct gcm_buffer *out, struct gcm_slice bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const unsigned char *at = (const unsigned char *)bytes.at;
    for (size_t i = 0; i < bytes.size; i += 3) {
        size_t left = bytes.size - i;
        uint32_t three = (uint32_t)at[i] << 16 | (left > 1 ? (uint32_t)at[i + 1] << 8 : 0) |
                         (left > 2 ? (uint32_t)at[i + 2] : 0);
        for (size_t digit = 0; digit <= left && digit < 4; digit++)
            gcm_putc(out, digits[three >> (18 - 6 * digit) & 63]);
    }
}

struct gcm_slice gcm_token_sign(struct gcm_arena *arena, struct gcm_slice secret,
                                struct gcm_slice service, int64_t now, int64_t seconds)
{
    struct gcm_buffer payload = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_puts(&payload, "{\"data\":{\"service\":");
    struct gcm_json json = gcm_json(&payload);
    gcm_json_string(&json, service);
    gcm_putf(&payload, ",\"roles\":[\"admin\"]},\"iat\":%" PRId64 ",\"exp\":%" PRId64 "}", now,
             now + seconds);
    struct gcm_buffer token = gcm_buffer(arena, GCM_BUFFER_CAP);
    put_base64url(&token, GCM_S("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"));
    gcm_putc(&token, '.');
    put_base64url(&token, gcm_buffer_text(&payload));
    struct gcm_slice signed_part = gcm_buffer_text(&token);
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    HMAC(EVP_sha256(), secret.at ? secret.at : "", (int)secret.size,
         (const unsigned char *)signed_part.at, signed_part.size, mac, &size);
    gcm_putc(&token, '.');
    put_base64url(&token, (struct gcm_slice){(const char *)mac, size});
    return gcm_buffer_text(&token);
}
