/* ndf: the Normalized Data Format of both servers (spec/graphcool-framework.md §7.3): nodes, lists
 * and relations as JSON elements, in pages. Elements are slices of the page that holds them. */
#ifndef GCM_NDF_NDF_H
#define GCM_NDF_NDF_H

#include "ndf/raw.h"

enum gcm_ndf_kind { GCM_NDF_NODES, GCM_NDF_LISTS, GCM_NDF_RELATIONS, GCM_NDF_KINDS };

extern const char *const gcm_ndf_names[GCM_NDF_KINDS]; /* "nodes", "lists", "relations" */

/* One end of a relation. */
struct gcm_ndf_end {
    struct gcm_slice type, id, field; /* decoded; field is empty where it is missing or null */
};

struct gcm_ndf_element {
    enum gcm_ndf_kind kind;
    struct gcm_raw raw;         /* the whole element */
    struct gcm_slice type, id;  /* NODES, LISTS: decoded */
    struct gcm_ndf_end ends[2]; /* RELATIONS: in their order; an export gives side B first */
};

/* Understands an element that gcm_raw_read has passed. Decoded texts are in the arena or in the
 * page. GCM_BAD_INPUT with a message ("a node without \"id\"") where it is none of that kind. */
GCM_MUST_USE gcm_result gcm_ndf_element(struct gcm_arena *arena, enum gcm_ndf_kind kind,
                                        struct gcm_raw raw, struct gcm_ndf_element *element,
                                        struct gcm_error *err);

/* The elements of a file or of an answer: `values` of {"valueType", "values"}; the same with
 * "values": {"jsonElements": […]} of very old clients; `out.jsonElements` of an endpoint's answer.
 * *kind is changed only if the text says which it is. GCM_BAD_INPUT names line and column. */
GCM_MUST_USE gcm_result gcm_ndf_page(struct gcm_arena *arena, const struct gcm_file *page,
                                     enum gcm_ndf_kind *kind, struct gcm_raw *elements,
                                     struct gcm_error *err);

/* The same, as a walk over the elements. It knows where each of them ends, so it is faster than one
 * that starts from the array; it lives as long as the page and the arena. */
GCM_MUST_USE gcm_result gcm_ndf_walk(struct gcm_arena *arena, const struct gcm_file *page,
                                     enum gcm_ndf_kind *kind, struct gcm_raw_walk *walk,
                                     struct gcm_error *err);

#endif
