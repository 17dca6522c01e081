/* pack: NDF files as the real importer takes them. */
#include <dirent.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/file.h"
#include "ndf/archive.h"
#include "ndf/pack.h"

struct place {
    struct gcm_arena arena;
    const char *folder;
};

static int enter(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    char *folder = (char *)(uintptr_t)gcm_format(&place->arena, "/tmp/pack_test.XXXXXX").at;
    place->folder = mkdtemp(folder);
    *state = place;
    return place->folder ? 0 : -1;
}

static int take_away(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status;
    (void)type;
    (void)where;
    return remove(path);
}

static int leave(void **state)
{
    struct place *place = *state;
    int code = nftw(place->folder, take_away, 8, FTW_DEPTH | FTW_PHYS);
    gcm_arena_free(&place->arena);
    free(place);
    return code;
}

static struct gcm_slice at(struct place *place, const char *name)
{
    return gcm_format(&place->arena, "%s/%s", place->folder, name);
}

static size_t entries(struct place *place)
{
    size_t count = 0;
    DIR *folder = opendir(place->folder);
    while (readdir(folder))
        count++;
    closedir(folder);
    return count - 2;
}

static struct gcm_pack *start(struct place *place, const char *name, size_t file_size)
{
    struct gcm_pack *pack;
    struct gcm_error err;
    assert_int_equal(gcm_pack_start(&place->arena, at(place, name), file_size, &pack, &err),
                     GCM_OK);
    return pack;
}

static void put(struct gcm_pack *pack, enum gcm_ndf_kind kind, const char *element, int times)
{
    struct gcm_error err;
    while (times-- > 0)
        assert_int_equal(gcm_pack_put(pack, kind, gcm_slice_of(element), &err), GCM_OK);
}

static void finish(struct gcm_pack *pack)
{
    struct gcm_error err;
    assert_int_equal(gcm_pack_finish(pack, &err), GCM_OK);
}

static void holds(struct place *place, const char *name, const char *const *names,
                  const char *const *texts)
{
    struct gcm_archive archive;
    struct gcm_error err;
    assert_int_equal(gcm_archive_open(&place->arena, at(place, name), &archive, &err), GCM_OK);
    size_t i = 0;
    for (; names[i]; i++) {
        struct gcm_file file;
        assert_true(i < archive.files.count);
        assert_true(gcm_slice_is(archive.files.at[i].name, names[i]));
        assert_int_equal(
            gcm_archive_read(&archive, &archive.files.at[i], &place->arena, &file, &err), GCM_OK);
        assert_string_equal(gcm_cstring(&place->arena, file.text), texts[i]);
    }
    assert_int_equal(archive.files.count, i);
    assert_int_equal(archive.ignored.count, 0);
    for (int kind = 0; kind < GCM_NDF_KINDS; kind++)
        assert_true(archive.folder_there[kind]);
    gcm_archive_close(&archive);
}

static void elements_are_in_padded_files_of_all_three_kinds(void **state)
{
    struct place *place = *state;
    static const char *const names[] = {"nodes/000001.json", "nodes/000002.json",
                                        "lists/000001.json", "relations/000001.json", NULL};
    static const char *const texts[] = {
        "{\"valueType\":\"nodes\",\"values\":[{\"id\":\"1\"},{\"id\":\"1\"}]}",
        "{\"valueType\":\"nodes\",\"values\":[{\"id\":\"1\"}]}",
        "{\"valueType\":\"lists\",\"values\":[]}",
        "{\"valueType\":\"relations\",\"values\":[[1,2]]}"};
    static const char *const results[] = {"data.zip", "data"};
    for (size_t i = 0; i < 2; i++) {
        struct gcm_pack *pack = start(place, results[i], 54);
        put(pack, GCM_NDF_NODES, "{\"id\":\"1\"}", 3);
        put(pack, GCM_NDF_RELATIONS, "[1,2]", 1);
        finish(pack);
        assert_int_equal(entries(place), i + 1);
        holds(place, results[i], names, texts);
    }
}

static void nothing_to_write_is_an_export_as_well(void **state)
{
    struct place *place = *state;
    static const char *const names[] = {"nodes/000001.json", "lists/000001.json",
                                        "relations/000001.json", NULL};
    static const char *const texts[] = {"{\"valueType\":\"nodes\",\"values\":[]}",
                                        "{\"valueType\":\"lists\",\"values\":[]}",
                                        "{\"valueType\":\"relations\",\"values\":[]}"};
    finish(start(place, "data.zip", 0));
    holds(place, "data.zip", names, texts);
}

static void a_file_ends_at_its_size_or_at_a_thousand_elements(void **state)
{
    struct place *place = *state;
    struct gcm_pack *pack = start(place, "data", 100);
    static char large[500];
    memset(large, '1', sizeof large - 1);
    put(pack, GCM_NDF_NODES, "1", 1);
    put(pack, GCM_NDF_NODES, large, 1); /* has a file of its own */
    put(pack, GCM_NDF_NODES, "1", 1);
    finish(pack);
    pack = start(place, "many", 1000000);
    put(pack, GCM_NDF_NODES, "{}", 2001);
    put(pack, GCM_NDF_LISTS, "{}", 2001);
    put(pack, GCM_NDF_RELATIONS, "{}", 2000);
    finish(pack);
    static const struct {
        const char *name;
        size_t files, sizes[6];
    } cases[] = {{"data", 5, {34, 532, 34, 33, 37}},
                 {"many", 6, {3032, 3032, 35, 6035, 3036, 3036}}};
    for (size_t i = 0; i < 2; i++) {
        struct gcm_archive archive;
        struct gcm_error err;
        assert_int_equal(gcm_archive_open(&place->arena, at(place, cases[i].name), &archive, &err),
                         GCM_OK);
        assert_int_equal(archive.files.count, cases[i].files);
        for (size_t j = 0; j < cases[i].files; j++)
            assert_int_equal(archive.files.at[j].size, cases[i].sizes[j]);
        gcm_archive_close(&archive);
    }
}

static void what_is_there_is_left_alone(void **state)
{
    struct place *place = *state;
    struct gcm_pack *pack;
    struct gcm_error err;
    assert_int_equal(mkdir(at(place, "data").at, 0700), 0);
    assert_int_equal(symlink("nowhere", at(place, "data.zip").at), 0);
    assert_int_equal(gcm_pack_start(&place->arena, at(place, "data"), 0, &pack, &err),
                     GCM_ENVIRONMENT);
    assert_int_equal(gcm_pack_start(&place->arena, at(place, "data.zip"), 0, &pack, &err),
                     GCM_ENVIRONMENT);
    assert_true(gcm_slice_is(err.message, "cannot be written: File exists"));
    assert_int_equal(gcm_pack_start(&place->arena, at(place, "no/data.zip"), 0, &pack, &err),
                     GCM_ENVIRONMENT);
    assert_int_equal(entries(place), 2);
    /* What comes while we write. */
    static const char *const names[] = {"late", "late.zip"};
    for (size_t i = 0; i < 2; i++) {
        pack = start(place, names[i], 0);
        assert_int_equal(mkdir(at(place, names[i]).at, 0700), 0);
        put(pack, GCM_NDF_NODES, "{}", 1);
        assert_int_equal(gcm_pack_finish(pack, &err), GCM_ENVIRONMENT);
        assert_int_equal(rmdir(at(place, names[i]).at), 0);
        assert_int_equal(entries(place), 2);
    }
}

static void what_is_given_up_leaves_nothing(void **state)
{
    struct place *place = *state;
    static const char *const names[] = {"data", "data.zip"};
    for (size_t i = 0; i < 2; i++) {
        struct gcm_pack *pack = start(place, names[i], 10);
        put(pack, GCM_NDF_NODES, "{}", 3);
        put(pack, GCM_NDF_LISTS, "{}", 3);
        gcm_pack_drop(pack);
        assert_int_equal(entries(place), 0);
    }
}

static void kinds_come_in_order(void **state)
{
    struct place *place = *state;
    struct gcm_error err;
    struct gcm_pack *pack = start(place, "data", 0);
    put(pack, GCM_NDF_LISTS, "{}", 1);
    assert_int_equal(gcm_pack_put(pack, GCM_NDF_NODES, GCM_S("{}"), &err), GCM_BUG);
    gcm_pack_drop(pack);
    assert_int_equal(entries(place), 0);
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(elements_are_in_padded_files_of_all_three_kinds),
        IN_A_FOLDER(nothing_to_write_is_an_export_as_well),
        IN_A_FOLDER(a_file_ends_at_its_size_or_at_a_thousand_elements),
        IN_A_FOLDER(what_is_there_is_left_alone),
        IN_A_FOLDER(what_is_given_up_leaves_nothing),
        IN_A_FOLDER(kinds_come_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
