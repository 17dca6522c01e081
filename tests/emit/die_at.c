/* Preloaded into the program by crash.test.mjs: the process dies, as by kill -9, at the call number
 * GCM_DIE_AT of those that change the file system. */
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int rename(const char *from, const char *to);

static void count(void)
{
    static long calls;
    const char *at = getenv("GCM_DIE_AT");
    if (at && ++calls == strtol(at, NULL, 10))
        raise(SIGKILL);
}

#define WRAP(type, name, parameters, arguments)                                                    \
    type name parameters                                                                           \
    {                                                                                              \
        count();                                                                                   \
        type(*real) parameters = (type(*) parameters)dlsym(RTLD_NEXT, #name);                      \
        return real arguments;                                                                     \
    }

WRAP(int, rename, (const char *from, const char *to), (from, to))
WRAP(int, link, (const char *from, const char *to), (from, to))
WRAP(int, mkdir, (const char *path, mode_t mode), (path, mode))
WRAP(int, mkstemp, (char *pattern), (pattern))
WRAP(int, fsync, (int descriptor), (descriptor))
WRAP(int, remove, (const char *path), (path))
