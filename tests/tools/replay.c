/* replay IN-FLIGHT LIST: posts recorded bodies with libcurl and nothing else, so many at a time,
 * over kept connections; LIST has lines "URL FILE". A line "-" waits until all before it are
 * answered. Prints the microseconds. What answers say is not looked at, but for the status. */
#include <curl/curl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/file.h"

enum { FLIGHTS = 16, LINE = 4096, BODY_CAP = 256 * 1024 * 1024 };

struct flight {
    CURL *easy;
    struct gcm_arena arena; /* of the body */
    bool busy;
};

struct replay {
    CURLM *multi;
    struct curl_slist *headers;
    struct flight flights[FLIGHTS];
    int width;
};

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static size_t drop(char *at, size_t size, size_t count, void *context)
{
    (void)at;
    (void)context;
    return size * count;
}

static void finish_one(struct replay *replay)
{
    for (;;) {
        int running = 0, left = 0;
        curl_multi_perform(replay->multi, &running);
        CURLMsg *message = curl_multi_info_read(replay->multi, &left);
        if (!message) {
            curl_multi_poll(replay->multi, NULL, 0, 1000, NULL);
            continue;
        }
        long status = 0;
        curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &status);
        if (message->data.result != CURLE_OK || status != 200) {
            fprintf(stderr, "replay: status %ld\n", status);
            exit(1);
        }
        for (int i = 0; i < replay->width; i++)
            if (replay->flights[i].easy == message->easy_handle) {
                curl_multi_remove_handle(replay->multi, replay->flights[i].easy);
                gcm_arena_free(&replay->flights[i].arena);
                replay->flights[i].busy = false;
            }
        return;
    }
}

static int in_flight(const struct replay *replay)
{
    int count = 0;
    for (int i = 0; i < replay->width; i++)
        count += replay->flights[i].busy;
    return count;
}

static void post(struct replay *replay, const char *url, const char *path)
{
    if (in_flight(replay) == replay->width)
        finish_one(replay);
    struct flight *flight = replay->flights;
    while (flight->busy)
        flight++;
    struct gcm_error err = {0};
    struct gcm_file *file = NULL;
    if (gcm_file_read(&flight->arena, gcm_slice_of(path), gcm_slice_of(path), BODY_CAP, &file,
                      &err) != GCM_OK)
        exit(1);
    curl_easy_setopt(flight->easy, CURLOPT_URL, url);
    curl_easy_setopt(flight->easy, CURLOPT_HTTPHEADER, replay->headers);
    curl_easy_setopt(flight->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)file->text.size);
    curl_easy_setopt(flight->easy, CURLOPT_POSTFIELDS, file->text.at);
    curl_easy_setopt(flight->easy, CURLOPT_WRITEFUNCTION, drop);
    curl_multi_add_handle(replay->multi, flight->easy);
    flight->busy = true;
    int running = 0;
    curl_multi_perform(replay->multi, &running);
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 1;
    struct replay replay = {.width = (int)strtol(argv[1], NULL, 10)};
    FILE *list = fopen(argv[2], "r");
    if (!list || replay.width < 1 || replay.width > FLIGHTS)
        return 1;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    replay.multi = curl_multi_init();
    replay.headers = curl_slist_append(NULL, "Content-Type: application/json");
    replay.headers = curl_slist_append(replay.headers, "Expect:");
    const char *token = getenv("REPLAY_AUTHORIZATION");
    if (token)
        replay.headers = curl_slist_append(replay.headers, token);
    for (int i = 0; i < replay.width; i++)
        replay.flights[i].easy = curl_easy_init();
    int64_t start = now();
    char line[LINE];
    while (fgets(line, sizeof line, list)) {
        line[strcspn(line, "\n")] = 0;
        char *blank = strchr(line, ' ');
        if (blank) {
            *blank = 0;
            post(&replay, line, blank + 1);
        } else {
            while (in_flight(&replay))
                finish_one(&replay);
        }
    }
    while (in_flight(&replay))
        finish_one(&replay);
    printf("%lld\n", (long long)(now() - start));
    fclose(list);
    return 0;
}
