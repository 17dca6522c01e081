/* Files that the official CLI read although they are not quite YAML: saved as Latin-1, or indented
 * with tabs. */
#include <string.h>

#include "source/reader.h"

/* How many bytes the character at the start of the text has; 0 if it is none. */
static size_t character_size(struct gcm_slice text)
{
    unsigned char c = (unsigned char)text.at[0];
    size_t size = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe0 && c < 0xf0 ? 3 : 4;
    if ((c >= 0x80 && c < 0xc2) || c > 0xf4 || size > text.size)
        return 0;
    for (size_t i = 1; i < size; i++)
        if (((unsigned char)text.at[i] & 0xc0) != 0x80)
            return 0;
    unsigned char next = size > 1 ? (unsigned char)text.at[1] : 0;
    bool overlong = (c == 0xe0 && next < 0xa0) || (c == 0xf0 && next < 0x90);
    bool beyond = (c == 0xed && next > 0x9f) || (c == 0xf4 && next > 0x8f);
    return overlong || beyond ? 0 : size;
}

struct gcm_slice gcm_repair_utf8(struct gcm_arena *arena, struct gcm_slice text, size_t *first)
{
    char *copy = NULL;
    *first = text.size;
    for (size_t at = 0; at < text.size;) {
        size_t size = character_size(gcm_slice_sub(text, at, 4));
        if (!size && !copy) {
            *first = at;
            copy = (char *)(uintptr_t)gcm_copy(arena, text).at; /* ours, just made */
        }
        if (!size)
            copy[at] = '?';
        at += size ? size : 1;
    }
    return copy ? (struct gcm_slice){copy, text.size} : text;
}

void gcm_repair_file(struct gcm_reader *reader, struct gcm_file *file)
{
    size_t first;
    struct gcm_slice repaired = gcm_repair_utf8(reader->arena, file->text, &first);
    if (first == file->text.size)
        return;
    file->text = repaired;
    gcm_problem(reader, gcm_place_in(file, first, 1), "save the file as UTF-8",
                "the file is not UTF-8; each byte that is none is read as \"?\"");
}

struct gcm_slice gcm_without_tabs(struct gcm_arena *arena, struct gcm_slice text)
{
    char *copy = (char *)(uintptr_t)gcm_copy(arena, text).at; /* ours, just made */
    for (size_t start = 0; start < text.size;) {
        struct gcm_slice rest = gcm_slice_sub(text, start, text.size);
        size_t size = gcm_slice_find(rest, '\n'), blanks = 0, words;
        while (blanks < size && rest.at[blanks] == ' ')
            blanks++;
        for (words = blanks; words < size && (rest.at[words] == ' ' || rest.at[words] == '\t');)
            words++;
        memmove(copy + start + blanks, rest.at + words, size - words);
        memset(copy + start + size - (words - blanks), ' ', words - blanks);
        start += size + 1;
    }
    return (struct gcm_slice){copy, text.size};
}
