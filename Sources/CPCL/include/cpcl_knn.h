#ifndef CPCL_KNN_H
#define CPCL_KNN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An exact FLANN kd-tree (KDTreeSingleIndex, squared Euclidean distance). Searching is safe from several threads. */
typedef struct cpcl_knn cpcl_knn;

/* Copies count rows of `dimension` finite floats. Null on failure, with a NUL-terminated reason in message. */
cpcl_knn *cpcl_knn_create(
    const float *rows, size_t count, size_t dimension, int leaf, char *message, size_t message_capacity);

void cpcl_knn_destroy(cpcl_knn *index);

/* Writes k (index, squared distance) per query, ascending, -1 and infinity where there are fewer points. 0 on success. */
int cpcl_knn_search(
    const cpcl_knn *index, const float *queries, size_t count, size_t k, int32_t *indices, float *squared_distances);

/* Finds the points nearer than the root of squared_radius. The caller owns *indices and *squared_distances and
   releases both with cpcl_knn_release. Returns their number, or -1 on failure. */
int64_t cpcl_knn_radius(
    const cpcl_knn *index, const float *query, float squared_radius, int32_t **indices, float **squared_distances);

void cpcl_knn_release(int32_t *indices, float *squared_distances);

#ifdef __cplusplus
}
#endif
#endif
