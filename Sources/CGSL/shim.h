// OpenBLAS's cblas.h first: GSL's own declares the same enumerations, and its
// library would replace OpenBLAS's kernels at a thirtieth of their speed.
#include <cblas.h>
#define __GSL_CBLAS_H__
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_sf.h>
#include <gsl/gsl_version.h>

// Swift can't read a C global that may vary.
static inline const char *gsl_version_found(void) { return gsl_version; }
