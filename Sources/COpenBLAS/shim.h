#include <cblas.h>
#include <stddef.h>

// LAPACK inside OpenBLAS, which not every distribution declares. The last two arguments are the lengths of the texts,
// which Fortran passes out of sight.
void dsygvd_(const int *itype, const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *b,
             const int *ldb, double *w, double *work, const int *lwork, int *iwork, const int *liwork, int *info,
             size_t jobz_length, size_t uplo_length);
