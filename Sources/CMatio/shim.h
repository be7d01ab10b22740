#include <errno.h>
#include <fcntl.h>
#include <matio.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

// libmatio and HDF5 trust the lengths in a file: damaged bytes make them crash, hang or take all
// memory. So a child process reads the array and writes it to a pipe. It ends when it has written,
// and a limit on its processor time and memory ends it otherwise.

enum mat_reply_status {
  MAT_REPLY_ARRAY = 1,
  MAT_REPLY_NOT_OPENED,
  MAT_REPLY_NO_VARIABLE,
  MAT_REPLY_NOT_NUMERIC,
  MAT_REPLY_TOO_LARGE,
  MAT_REPLY_NOT_READ
};

#define MAT_REPLY_LARGEST_RANK 32

// What the child writes first. An array's elements follow, column after column: `bytes` of them.
// Of a sparse one: `row_count` row indices, `column_count` starts of columns (both 32 bits wide),
// then the elements.
typedef struct {
  int32_t status;
  int32_t is_complex;
  int32_t class_type;
  int32_t data_type;
  int32_t is_sparse;
  int32_t rank;
  uint64_t dims[MAT_REPLY_LARGEST_RANK];
  uint64_t bytes;
  uint64_t row_count;
  uint64_t column_count;
  uint64_t text_bytes;
} mat_reply;

static inline int mat_write_all(int fd, const void *data, size_t count) {
  const char *rest = (const char *)data;
  while (count > 0) {
    ssize_t written = write(fd, rest, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return -1;
    rest += written;
    count -= (size_t)written;
  }
  return 0;
}

// What a child does. `most_bytes` bounds the elements of the dense array.
static inline void mat_reply_to(int fd, const char *path, const char *variable,
                                uint64_t most_bytes) {
  mat_reply reply;
  memset(&reply, 0, sizeof reply);
  mat_t *file = Mat_Open(path, MAT_ACC_RDONLY);
  if (file == NULL) {
    reply.status = MAT_REPLY_NOT_OPENED;
    mat_write_all(fd, &reply, sizeof reply);
    return;
  }
  matvar_t *array = Mat_VarReadInfo(file, variable);
  if (array == NULL) {
    reply.status = MAT_REPLY_NO_VARIABLE;
    size_t count = 0;
    char **names = Mat_GetDir(file, &count);
    for (size_t i = 0; names != NULL && i < count; i++)
      if (names[i] != NULL) reply.text_bytes += strlen(names[i]) + 1;
    mat_write_all(fd, &reply, sizeof reply);
    for (size_t i = 0; names != NULL && i < count; i++)
      if (names[i] != NULL) mat_write_all(fd, names[i], strlen(names[i]) + 1);
    return;
  }
  reply.is_complex = array->isComplex;
  reply.class_type = array->class_type;
  reply.rank = array->rank;
  reply.is_sparse = array->class_type == MAT_C_SPARSE;
  int numeric = array->class_type >= MAT_C_SPARSE && array->class_type <= MAT_C_UINT64;
  if (!numeric || array->isComplex || array->rank < 1 || array->rank > MAT_REPLY_LARGEST_RANK ||
      array->dims == NULL) {
    reply.status = MAT_REPLY_NOT_NUMERIC;
    mat_write_all(fd, &reply, sizeof reply);
    return;
  }
  uint64_t count = 1;
  for (int axis = 0; axis < array->rank; axis++) {
    reply.dims[axis] = array->dims[axis];
    if (count > 0 && array->dims[axis] > UINT64_MAX / count) count = UINT64_MAX;
    else count *= array->dims[axis];
  }
  uint64_t size = reply.is_sparse ? 1 : Mat_SizeOfClass(array->class_type);
  if (size == 0 || count > most_bytes / size) {
    reply.status = MAT_REPLY_TOO_LARGE;
    mat_write_all(fd, &reply, sizeof reply);
    return;
  }
  if (count > 0 && (Mat_VarReadDataAll(file, array) != 0 || array->data == NULL)) {
    reply.status = MAT_REPLY_NOT_READ;
    mat_write_all(fd, &reply, sizeof reply);
    return;
  }
  reply.status = MAT_REPLY_ARRAY;
  reply.data_type = array->data_type;
  if (count == 0) {
    mat_write_all(fd, &reply, sizeof reply);
    return;
  }
  uint64_t width = Mat_SizeOf(array->data_type);
  if (!reply.is_sparse) {
    reply.bytes = count * size;
    if (width != size || array->nbytes != reply.bytes) {
      reply.status = MAT_REPLY_NOT_READ;
      mat_write_all(fd, &reply, sizeof reply);
      return;
    }
    mat_write_all(fd, &reply, sizeof reply);
    mat_write_all(fd, array->data, reply.bytes);
    return;
  }
  mat_sparse_t *sparse = (mat_sparse_t *)array->data;
  reply.row_count = sparse->ir == NULL ? 0 : sparse->nir;
  reply.column_count = sparse->jc == NULL ? 0 : sparse->njc;
  reply.bytes = sparse->data == NULL ? 0 : sparse->ndata * width;
  mat_write_all(fd, &reply, sizeof reply);
  mat_write_all(fd, sparse->ir, reply.row_count * sizeof(mat_uint32_t));
  mat_write_all(fd, sparse->jc, reply.column_count * sizeof(mat_uint32_t));
  mat_write_all(fd, sparse->data, reply.bytes);
}

// Starts the child; returns its process id and the pipe's end to read from, or -1 and errno.
// `memory` and `seconds` are what the child may take above what this process already has.
static inline pid_t mat_start_reading(const char *path, const char *variable, uint64_t most_bytes,
                                      uint64_t memory, uint64_t seconds, int *output) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return -1;
  pid_t child = fork();
  if (child != 0) {
    int reason = errno;
    close(ends[1]);
    if (child < 0) close(ends[0]);
    *output = ends[0];
    errno = reason;
    return child;
  }
  // Between fork and _exit only C runs, and nobody outside waits for a lock of this process. With
  // its copy of the reading end closed, the child ends when the parent stops reading.
  close(ends[0]);
  int signals[] = {SIGSEGV, SIGBUS,  SIGABRT, SIGFPE,  SIGILL,
                   SIGXCPU, SIGPIPE, SIGTERM, SIGINT, SIGALRM};
  for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) signal(signals[i], SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  // The libraries print to the standard streams what they make of a damaged file.
  int null = open("/dev/null", O_RDWR);
  if (null >= 0) {
    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
  }
  struct rlimit limit = {0, 0};
  setrlimit(RLIMIT_CORE, &limit);
  limit.rlim_cur = limit.rlim_max = seconds;
  setrlimit(RLIMIT_CPU, &limit);
  // Waiting takes no processor time; it has a limit of its own.
  alarm((unsigned)(60 * seconds));
  uint64_t pages = 0;
  FILE *status = fopen("/proc/self/statm", "r");
  if (status != NULL) {
    unsigned long long size = 0;
    if (fscanf(status, "%llu", &size) == 1) pages = size;
    fclose(status);
  }
  if (pages > 0) {
    limit.rlim_cur = limit.rlim_max = pages * (uint64_t)sysconf(_SC_PAGESIZE) + memory;
    setrlimit(RLIMIT_AS, &limit);
  }
  mat_reply_to(ends[1], path, variable, most_bytes);
  _exit(0);
}

// Waits for a child to end, once it is told to where `stop` isn't 0; returns the number of the
// signal that ended it, or 0.
static inline int mat_finish_reading(pid_t child, int stop) {
  if (stop) kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return 0;
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}
