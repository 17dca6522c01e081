/* archive: NDF in folders; zips that hurt are in tests/ndf/archive.test.mjs. */
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
#include <zip.h>

#include <cmocka.h>

#include "core/file.h"
#include "ndf/archive.h"

struct place {
    struct gcm_arena arena;
    const char *folder;
};

static int enter(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    char *folder = (char *)(uintptr_t)gcm_format(&place->arena, "/tmp/archive_test.XXXXXX").at;
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

static void put(struct place *place, const char *name, const char *text)
{
    struct gcm_error err;
    struct gcm_slice path = at(place, name);
    assert_int_equal(gcm_make_folder(&place->arena, gcm_path_folder(path), &err), GCM_OK);
    assert_int_equal(gcm_file_write(&place->arena, path, gcm_slice_of(text), &err), GCM_OK);
}

static gcm_result opened(struct place *place, const char *name, struct gcm_archive *archive,
                         struct gcm_error *err)
{
    return gcm_archive_open(&place->arena, at(place, name), archive, err);
}

static void refused(struct place *place, const char *name, const char *message)
{
    struct gcm_archive archive;
    struct gcm_error err = {0};
    assert_int_equal(opened(place, name, &archive, &err), GCM_BAD_INPUT);
    assert_string_equal(gcm_cstring(&place->arena, err.message), message);
    assert_true(gcm_slice_equal(err.place.file->path, at(place, name)));
    gcm_archive_close(&archive);
}

static void reads(struct gcm_archive *archive, size_t index, const char *name, const char *text)
{
    struct gcm_arena arena = {0};
    struct gcm_file file;
    struct gcm_error err;
    assert_true(gcm_slice_is(archive->files.at[index].name, name));
    assert_int_equal(gcm_archive_read(archive, &archive->files.at[index], &arena, &file, &err),
                     GCM_OK);
    assert_true(gcm_slice_is(file.text, text));
    assert_true(gcm_slice_ends(file.path, name));
    gcm_arena_free(&arena);
}

static void files_of_a_folder_come_by_kind_and_number(void **state)
{
    struct place *place = *state;
    put(place, "x/relations/1.json", "r1");
    put(place, "x/nodes/10.json", "n10");
    put(place, "x/nodes/9.json", "n9");
    put(place, "x/nodes/0002.json", "n2");
    put(place, "x/nodes/users.json", "");
    put(place, "x/nodes/3.json.bak", "");
    put(place, "x/nodes/.json", "");
    put(place, "x/state.json", "{}");
    struct gcm_archive archive;
    struct gcm_error err;
    assert_int_equal(opened(place, "x", &archive, &err), GCM_OK);
    assert_false(archive.zip);
    assert_int_equal(archive.files.count, 4);
    reads(&archive, 0, "nodes/0002.json", "n2");
    reads(&archive, 1, "nodes/9.json", "n9");
    reads(&archive, 2, "nodes/10.json", "n10");
    reads(&archive, 3, "relations/1.json", "r1");
    assert_int_equal(archive.files.at[2].number, 10);
    assert_int_equal(archive.ignored.count, 4);
    assert_true(archive.folder_there[GCM_NDF_NODES]);
    assert_false(archive.folder_there[GCM_NDF_LISTS]);
    gcm_archive_close(&archive);
}

static void a_folder_around_is_seen_through(void **state)
{
    struct place *place = *state;
    put(place, "x/export/nodes/1.json", "n1");
    put(place, "x/README", "");
    struct gcm_archive archive;
    struct gcm_error err;
    assert_int_equal(opened(place, "x", &archive, &err), GCM_OK);
    reads(&archive, 0, "nodes/1.json", "n1");
    gcm_archive_close(&archive);
    put(place, "x/other/lists/1.json", "n1");
    struct gcm_archive two;
    assert_int_equal(opened(place, "x", &two, &err), GCM_BAD_INPUT);
    assert_true(gcm_slice_starts(err.message, "holds two exports"));
    gcm_archive_close(&two);
}

static void what_is_no_ndf_is_refused(void **state)
{
    struct place *place = *state;
    refused(place, "x", "cannot be opened: No such file or directory");
    put(place, "x/data.json", "{}");
    refused(place, "x", "holds none of the folders nodes, lists and relations");
    refused(place, "x/data.json",
            "is no zip, or one that was cut off: there is no directory at its end");
    put(place, "empty", "");
    refused(place, "empty", "is no zip, or one that was cut off: there is no directory at its end");
    put(place, "y/nodes", "{}");
    refused(place, "y", "\"nodes\" is no folder");
    refused(place, "../../dev/null", "is neither a zip nor a folder");
}

static void one_number_twice_is_refused_by_name(void **state)
{
    struct place *place = *state;
    put(place, "x/lists/1.json", "");
    put(place, "x/nodes/1.json", "");
    put(place, "x/nodes/001.json", "");
    refused(place, "x", "\"nodes/001.json\" and \"nodes/1.json\" have the same number");
    put(place, "y/nodes/99999999999999999999999.json", "");
    refused(place, "y", "the number of \"nodes/99999999999999999999999.json\" is too large");
}

static void links_are_not_followed(void **state)
{
    struct place *place = *state;
    put(place, "secret", "hunter2");
    put(place, "x/nodes/1.json", "n1");
    assert_int_equal(symlink(at(place, "secret").at, at(place, "x/nodes/2.json").at), 0);
    refused(place, "x", "\"nodes/2.json\" is a link, which is not followed");
    put(place, "y/lists/1.json", "l1");
    assert_int_equal(symlink(at(place, "x/nodes").at, at(place, "y/nodes").at), 0);
    refused(place, "y", "\"nodes\" is a link, which is not followed");
    put(place, "z/nodes/1.json", "n1");
    assert_int_equal(mkfifo(at(place, "z/nodes/2.json").at, 0600), 0);
    refused(place, "z", "\"nodes/2.json\" is no file");
}

static void a_file_that_becomes_a_link_or_changes_is_noticed(void **state)
{
    struct place *place = *state;
    put(place, "secret", "n1");
    put(place, "x/nodes/1.json", "n1");
    struct gcm_archive archive;
    struct gcm_error err;
    struct gcm_file file;
    assert_int_equal(opened(place, "x", &archive, &err), GCM_OK);
    put(place, "x/nodes/1.json", "n12");
    assert_int_equal(gcm_archive_read(&archive, &archive.files.at[0], &place->arena, &file, &err),
                     GCM_BAD_INPUT);
    assert_true(gcm_slice_is(err.message, "\"nodes/1.json\" changed while it was read"));
    assert_int_equal(unlink(at(place, "x/nodes/1.json").at), 0);
    assert_int_equal(symlink(at(place, "secret").at, at(place, "x/nodes/1.json").at), 0);
    assert_int_not_equal(
        gcm_archive_read(&archive, &archive.files.at[0], &place->arena, &file, &err), GCM_OK);
    gcm_archive_close(&archive);
}

static void zip_up(struct place *place, const char *name, const char *const *entries)
{
    zip_t *zip = zip_open(at(place, name).at, ZIP_CREATE | ZIP_EXCL, NULL);
    assert_non_null(zip);
    for (; *entries; entries++) {
        if (gcm_slice_ends(gcm_slice_of(*entries), "/"))
            assert_true(zip_dir_add(zip, *entries, 0) >= 0);
        else
            assert_true(zip_file_add(zip, *entries,
                                     zip_source_buffer(zip, *entries, strlen(*entries), 0),
                                     0) >= 0);
    }
    assert_int_equal(zip_close(zip), 0);
}

static void zips_are_read_with_and_without_a_folder_around(void **state)
{
    struct place *place = *state;
    static const char *const plain[] = {
        "nodes/2.json", "lists/", "nodes/1.json", "__MACOSX/nodes/._1.json", "a.txt", NULL};
    static const char *const around[] = {
        "e/", "e/nodes/2.json", "e/lists/", "e/nodes/1.json", "__MACOSX/nodes/._1.json", "e/a.txt",
        NULL};
    zip_up(place, "plain.zip", plain);
    zip_up(place, "around.zip", around);
    for (int i = 0; i < 2; i++) {
        struct gcm_archive archive;
        struct gcm_error err;
        assert_int_equal(opened(place, i ? "around.zip" : "plain.zip", &archive, &err), GCM_OK);
        assert_true(archive.zip);
        assert_int_equal(archive.files.count, 2);
        reads(&archive, 0, "nodes/1.json", i ? "e/nodes/1.json" : "nodes/1.json");
        reads(&archive, 1, "nodes/2.json", i ? "e/nodes/2.json" : "nodes/2.json");
        assert_true(archive.folder_there[GCM_NDF_LISTS]);
        assert_false(archive.folder_there[GCM_NDF_RELATIONS]);
        assert_int_equal(archive.ignored.count, 2);
        gcm_archive_close(&archive);
    }
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(files_of_a_folder_come_by_kind_and_number),
        IN_A_FOLDER(a_folder_around_is_seen_through),
        IN_A_FOLDER(what_is_no_ndf_is_refused),
        IN_A_FOLDER(one_number_twice_is_refused_by_name),
        IN_A_FOLDER(links_are_not_followed),
        IN_A_FOLDER(a_file_that_becomes_a_link_or_changes_is_noticed),
        IN_A_FOLDER(zips_are_read_with_and_without_a_folder_around),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
