#include "cpcl_knn.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <limits>
#include <memory>
#include <vector>

#include <flann/algorithms/dist.h>
#include <flann/algorithms/kdtree_single_index.h>

struct cpcl_knn {
  virtual ~cpcl_knn() = default;
  virtual void search(const float *queries, size_t count, size_t k, int32_t *indices, float *distances) const = 0;
  virtual int64_t radius(const float *query, float squared, int32_t **indices, float **distances) const = 0;
};

namespace {

template <typename Distance>
struct Index final : cpcl_knn {
  std::vector<float> rows;
  size_t dimension;
  std::unique_ptr<flann::KDTreeSingleIndex<Distance>> tree;

  Index(const float *data, size_t count, size_t dimension, int leaf)
      : rows(data, data + count * dimension), dimension(dimension) {
    flann::Matrix<float> matrix(rows.data(), count, dimension);
    tree = std::make_unique<flann::KDTreeSingleIndex<Distance>>(matrix, flann::KDTreeSingleIndexParams(leaf, true));
    tree->buildIndex();
  }

  void search(const float *queries, size_t count, size_t k, int32_t *indices, float *distances) const override {
    const flann::SearchParams exact(flann::FLANN_CHECKS_UNLIMITED, 0.0f, true);
    flann::KNNSimpleResultSet<float> found(k);
    std::vector<size_t> ids(k);
    for (size_t q = 0; q < count; ++q) {
      found.clear();
      tree->findNeighbors(found, queries + q * dimension, exact);
      const size_t n = found.size();
      found.copy(ids.data(), distances + q * k, n);
      for (size_t i = 0; i < k; ++i) indices[q * k + i] = i < n ? static_cast<int32_t>(ids[i]) : -1;
      for (size_t i = n; i < k; ++i) distances[q * k + i] = std::numeric_limits<float>::infinity();
    }
  }

  int64_t radius(const float *query, float squared, int32_t **indices, float **distances) const override {
    const flann::SearchParams exact(flann::FLANN_CHECKS_UNLIMITED, 0.0f, true);
    flann::RadiusResultSet<float> found(squared);
    tree->findNeighbors(found, query, exact);
    const size_t n = found.size();
    std::vector<size_t> ids(n);
    std::unique_ptr<int32_t, decltype(&std::free)> i(
        static_cast<int32_t *>(std::malloc((n + 1) * sizeof(int32_t))), &std::free);
    std::unique_ptr<float, decltype(&std::free)> d(
        static_cast<float *>(std::malloc((n + 1) * sizeof(float))), &std::free);
    if (!i || !d) throw std::bad_alloc();
    found.copy(ids.data(), d.get(), n, true);
    for (size_t j = 0; j < n; ++j) i.get()[j] = static_cast<int32_t>(ids[j]);
    *indices = i.release();
    *distances = d.release();
    return static_cast<int64_t>(n);
  }
};

}  // namespace

extern "C" cpcl_knn *cpcl_knn_create(
    const float *rows, size_t count, size_t dimension, int leaf, char *message, size_t message_capacity) {
  const char *reason = "unknown C++ exception";
  try {
    if (dimension == 3) return new Index<flann::L2_3D<float>>(rows, count, dimension, leaf);
    return new Index<flann::L2<float>>(rows, count, dimension, leaf);
  } catch (const std::exception &error) {
    std::snprintf(message, message_capacity, "%s", error.what());
    return nullptr;
  } catch (...) {
    std::snprintf(message, message_capacity, "%s", reason);
    return nullptr;
  }
}

extern "C" void cpcl_knn_destroy(cpcl_knn *index) { delete index; }

extern "C" int cpcl_knn_search(
    const cpcl_knn *index, const float *queries, size_t count, size_t k, int32_t *indices, float *squared_distances) {
  try {
    index->search(queries, count, k, indices, squared_distances);
    return 0;
  } catch (...) {
    return 1;
  }
}

extern "C" int64_t cpcl_knn_radius(
    const cpcl_knn *index, const float *query, float squared_radius, int32_t **indices, float **squared_distances) {
  try {
    return index->radius(query, squared_radius, indices, squared_distances);
  } catch (...) {
    return -1;
  }
}

extern "C" void cpcl_knn_release(int32_t *indices, float *squared_distances) {
  std::free(indices);
  std::free(squared_distances);
}
