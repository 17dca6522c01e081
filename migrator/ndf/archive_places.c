/* archive_places: where the entries of a zip lie in its file (APPNOTE 4.3). Only for the question
 * whether they overlap: names, sizes and texts are those of libzip. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ndf/archive_parts.h"

enum {
    LOCAL_SIZE = 30,
    ENTRY_SIZE = 46,
    END_SIZE = 22,
    END64_SIZE = 56,
    LOCATOR_SIZE = 20,
    COMMENT_MOST = 65535,
    DIRECTORY_MOST = 256 * 1024 * 1024
};

static const uint32_t LOCAL = 0x04034b50, ENTRY = 0x02014b50, END = 0x06054b50, END64 = 0x06064b50,
                      LOCATOR = 0x07064b50;

struct reader {
    struct gcm_archive *archive;
    struct gcm_arena *scratch;
    struct gcm_error *err;
    int fd;
    uint64_t size; /* of the file */
};

struct directory {
    uint64_t count, from, size;
};

static uint64_t little(const unsigned char *at, unsigned bytes)
{
    uint64_t value = 0;
    while (bytes-- > 0)
        value = value << 8 | at[bytes];
    return value;
}

/* Bytes of the file; NULL where it does not have them. */
static const unsigned char *bytes_at(struct reader *reader, uint64_t from, uint64_t size)
{
    if (from > reader->size || size > reader->size - from)
        return NULL;
    unsigned char *bytes = gcm_arena_text(reader->scratch, (size_t)size + 1);
    for (uint64_t have = 0; have < size;) {
        ssize_t more = pread(reader->fd, bytes + have, (size_t)(size - have), (off_t)(from + have));
        if (more <= 0)
            return NULL;
        have += (uint64_t)more;
    }
    return bytes;
}

static gcm_result broken(struct reader *reader, const char *what)
{
    return gcm_fail(reader->archive->arena, reader->err, GCM_BAD_INPUT,
                    gcm_archive_place(reader->archive), "%s", what);
}

/* Where sizes or counts do not fit into the old record. */
static gcm_result read_end64(struct reader *reader, uint64_t end, struct directory *directory)
{
    static const char what[] = "is a damaged zip: its zip64 record is wrong";
    const unsigned char *locator =
        end < LOCATOR_SIZE ? NULL : bytes_at(reader, end - LOCATOR_SIZE, LOCATOR_SIZE);
    if (!locator || little(locator, 4) != LOCATOR)
        return broken(reader, what);
    const unsigned char *record = bytes_at(reader, little(locator + 8, 8), END64_SIZE);
    if (!record || little(record, 4) != END64)
        return broken(reader, what);
    *directory = (struct directory){.count = little(record + 32, 8),
                                    .size = little(record + 40, 8),
                                    .from = little(record + 48, 8)};
    return GCM_OK;
}

/* The record at the end of the file, with a comment that ends where the file does. */
static gcm_result read_end(struct reader *reader, struct directory *directory)
{
    uint64_t most = END_SIZE + COMMENT_MOST;
    uint64_t size = reader->size < most ? reader->size : most;
    const unsigned char *tail = bytes_at(reader, reader->size - size, size);
    for (uint64_t at = size; tail && at-- > 0;) {
        const unsigned char *end = tail + at;
        if (size - at < END_SIZE || little(end, 4) != END ||
            little(end + 20, 2) != size - at - END_SIZE)
            continue;
        *directory = (struct directory){
            .count = little(end + 10, 2), .size = little(end + 12, 4), .from = little(end + 16, 4)};
        if (directory->count == UINT16_MAX || directory->size == UINT32_MAX ||
            directory->from == UINT32_MAX)
            return read_end64(reader, reader->size - size + at, directory);
        return GCM_OK;
    }
    return broken(reader, "is no zip, or one that was cut off: there is no directory at its end");
}

/* Sizes that do not fit stand in an extra field, in this order, each only if it is needed. */
static bool read_extra(const unsigned char *extra, size_t size, struct gcm_zip_place *place)
{
    uint64_t *values[] = {&place->size, &place->packed, &place->from};
    for (const unsigned char *end = extra + size; end - extra >= 4;) {
        uint64_t length = little(extra + 2, 2);
        if ((uint64_t)(end - extra - 4) < length)
            return false;
        const unsigned char *at = extra + 4, *stop = at + length;
        for (size_t i = 0; little(extra, 2) == 1 && i < 3; i++) {
            if (*values[i] != UINT32_MAX)
                continue;
            if (stop - at < 8)
                return false;
            *values[i] = little(at, 8);
            at += 8;
        }
        extra = stop;
    }
    return true;
}

/* An entry ends behind its data: how long its own header is, only that header says. */
static gcm_result find_end(struct reader *reader, struct gcm_zip_place *place)
{
    struct gcm_arena *scratch = reader->scratch, own = {0};
    reader->scratch = &own;
    const unsigned char *header = bytes_at(reader, place->from, LOCAL_SIZE);
    bool good = header && little(header, 4) == LOCAL;
    uint64_t data = 0;
    if (good)
        data = place->from + LOCAL_SIZE + little(header + 26, 2) + little(header + 28, 2);
    reader->scratch = scratch;
    gcm_arena_free(&own);
    if (!good || data > reader->size || place->packed > reader->size - data)
        return gcm_fail(reader->archive->arena, reader->err, GCM_BAD_INPUT,
                        gcm_archive_place(reader->archive),
                        "is a damaged zip: \"%.*s\" is not where its directory says",
                        GCM_P(gcm_archive_shown(reader->archive, place->name)));
    place->to = data + place->packed;
    return GCM_OK;
}

static gcm_result read_entries(struct reader *reader, const struct directory *directory,
                               struct gcm_zip_places *places)
{
    static const char what[] = "is a damaged zip: its directory is wrong";
    const unsigned char *at = bytes_at(reader, directory->from, directory->size);
    const unsigned char *end = at ? at + directory->size : NULL;
    for (uint64_t i = 0; i < directory->count; i++) {
        if (!at || end - at < ENTRY_SIZE || little(at, 4) != ENTRY)
            return broken(reader, what);
        size_t name = (size_t)little(at + 28, 2), extra = (size_t)little(at + 30, 2),
               comment = (size_t)little(at + 32, 2);
        if ((size_t)(end - at - ENTRY_SIZE) < name + extra + comment)
            return broken(reader, what);
        struct gcm_zip_place *place = gcm_push(reader->scratch, places);
        *place = (struct gcm_zip_place){.name = {(const char *)at + ENTRY_SIZE, name},
                                        .packed = little(at + 20, 4),
                                        .size = little(at + 24, 4),
                                        .from = little(at + 42, 4)};
        if (!read_extra(at + ENTRY_SIZE + name, extra, place))
            return broken(reader, what);
        gcm_result result = find_end(reader, place);
        if (result)
            return result;
        at += ENTRY_SIZE + name + extra + comment;
    }
    return at == end ? GCM_OK : broken(reader, what);
}

static int by_place(const void *a, const void *b)
{
    const struct gcm_zip_place *const *one = a, *const *other = b;
    return ((*one)->from > (*other)->from) - ((*one)->from < (*other)->from);
}

static gcm_result check_overlaps(struct reader *reader, const struct directory *directory,
                                 const struct gcm_zip_places *places)
{
    GCM_VEC(const struct gcm_zip_place *) sorted = {0};
    for (size_t i = 0; i < places->count; i++)
        *gcm_push(reader->scratch, &sorted) = &places->at[i];
    if (sorted.count)
        qsort(sorted.at, sorted.count, sizeof *sorted.at, by_place);
    for (size_t i = 0; i < sorted.count; i++) {
        bool last = i + 1 == sorted.count;
        if (sorted.at[i]->to <= (last ? directory->from : sorted.at[i + 1]->from))
            continue;
        struct gcm_slice name = gcm_archive_shown(reader->archive, sorted.at[i]->name);
        if (last)
            return gcm_fail(reader->archive->arena, reader->err, GCM_BAD_INPUT,
                            gcm_archive_place(reader->archive),
                            "\"%.*s\" overlaps the directory of the zip", GCM_P(name));
        struct gcm_slice next = gcm_archive_shown(reader->archive, sorted.at[i + 1]->name);
        return gcm_fail(reader->archive->arena, reader->err, GCM_BAD_INPUT,
                        gcm_archive_place(reader->archive), "\"%.*s\" and \"%.*s\" overlap",
                        GCM_P(name), GCM_P(next));
    }
    return GCM_OK;
}

gcm_result gcm_zip_places(struct gcm_archive *archive, struct gcm_arena *scratch, int fd,
                          struct gcm_zip_places *places, struct gcm_error *err)
{
    off_t size = lseek(fd, 0, SEEK_END);
    struct reader reader = {archive, scratch, err, fd, size > 0 ? (uint64_t)size : 0};
    struct directory directory = {0};
    gcm_result result = read_end(&reader, &directory);
    if (result)
        return result;
    if (directory.count > GCM_ARCHIVE_FILES)
        return gcm_fail(archive->arena, err, GCM_BAD_INPUT, gcm_archive_place(archive),
                        "holds %llu files; at most %d are read",
                        (unsigned long long)directory.count, GCM_ARCHIVE_FILES);
    if (directory.size > DIRECTORY_MOST)
        return broken(&reader, "is a zip with a directory of more than 256 MB");
    result = read_entries(&reader, &directory, places);
    return result ? result : check_overlaps(&reader, &directory, places);
}
