/* measure PROGRAM [ARGUMENT…]: runs a program without its output and prints what it took:
 * exit code, peak of memory in KB, processor time in microseconds. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static long microseconds(struct timeval time)
{
    return time.tv_sec * 1000000L + time.tv_usec;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("usage: measure PROGRAM [ARGUMENT…]\n", stderr);
        return 1;
    }
    pid_t child = fork();
    if (child == 0) {
        int nowhere = open("/dev/null", O_WRONLY);
        if (nowhere >= 0 && dup2(nowhere, STDOUT_FILENO) >= 0)
            execv(argv[1], argv + 1);
        _exit(127);
    }
    int status;
    struct rusage used;
    if (child < 0 || wait4(child, &status, 0, &used) != child) {
        perror("measure");
        return 1;
    }
    printf("%d %ld %ld\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
           used.ru_maxrss, microseconds(used.ru_utime) + microseconds(used.ru_stime));
    return 0;
}
