/* mark: names the places where a crash hurts most. In the build for crash tests (-DGCM_MARKS) the
 * process kills itself at the n-th mark that it passes, by GCM_KILL_AT="NAME:n" or "n"; every write
 * and sync of the stage file is such a mark, too (stage/). GCM_MARKS_TO=FILE lists the marks that a
 * run passes. In every other build a mark is nothing.
 */
#ifndef GCM_CORE_MARK_H
#define GCM_CORE_MARK_H

#ifdef GCM_MARKS
void gcm_mark(const char *name);
#else
#define gcm_mark(name) ((void)0)
#endif

#endif
