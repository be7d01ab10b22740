#include <oneapi/dnnl/dnnl.h>

// Of OpenMP, which runs oneDNN's loops; its header comes with the compiler, not with oneDNN.
void omp_set_num_threads(int count);
