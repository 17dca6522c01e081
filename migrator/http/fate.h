/* fate: what is known of a request after its transfer ended (http/http.h). Pure: no network. */
#ifndef GCM_HTTP_FATE_H
#define GCM_HTTP_FATE_H

#include "http/http.h"

#include <curl/curl.h>

/* How a transfer ended. */
struct gcm_http_end {
    CURLcode code;
    long status;           /* 0: none came */
    struct gcm_slice body; /* what came of it, unpacked */
    bool sent;             /* all bytes of the request may have left */
    bool retry_after;      /* the header was there */
    bool over_cap;         /* the answer was larger than allowed: stopped by us */
    bool stalled;          /* nothing moved for too long: stopped by us */
    bool died;             /* the kept connection was dead: libcurl wanted to send again */
    double seconds;
};

enum gcm_http_fate gcm_http_judge(const struct gcm_http_end *end);

/* For people, in the arena: "the connection was closed after 0.3 s, before an answer came". Empty
 * for a 2xx that was answered. */
struct gcm_slice gcm_http_describe(struct gcm_arena *arena, const struct gcm_http_end *end);

/* No try can succeed: the URL or the certificate is wrong. */
bool gcm_http_hopeless(const struct gcm_http_end *end);

/* Is it an object or array that is closed again at its end? A text cut anywhere never is. */
bool gcm_http_whole_json(struct gcm_slice body);

#endif
