#include "boost_clang_fix.hpp"

#include "cpcl_io.h"

#include <pcl/console/print.h>
#include <pcl/io/lzf.h>
#include <pcl/io/pcd_io.h>
#include <pcl/io/ply_io.h>

#include <cstring>
#include <memory>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

namespace {

struct Owner {
  pcl::PCLPointCloud2 cloud;
  std::vector<size_t> offsets;
  std::vector<uint8_t> types;
};

// A file without a name: PCL reads by path, /proc/self/fd/N is one.
struct MemoryFile {
  int descriptor;
  MemoryFile() : descriptor(memfd_create("plumb", MFD_CLOEXEC)) {}
  ~MemoryFile() {
    if (descriptor >= 0) close(descriptor);
  }
  bool append(const void *bytes, size_t size) {
    const char *p = static_cast<const char *>(bytes);
    while (size > 0) {
      ssize_t n = write(descriptor, p, size);
      if (n <= 0) return false;
      p += n;
      size -= static_cast<size_t>(n);
    }
    return true;
  }
};

int fail(char *message, size_t size, const char *text) {
  if (message && size > 0) {
    std::strncpy(message, text, size - 1);
    message[size - 1] = 0;
  }
  return -1;
}

}  // namespace

extern "C" int cpcl_decode(const void *header, size_t header_size, const void *payload, size_t payload_size, int pcd,
                           cpcl_records *out, char *message, size_t message_size) {
  try {
    // Once: the level is a plain variable and several threads decode at a time.
    static const bool quiet = (pcl::console::setVerbosityLevel(pcl::console::L_ALWAYS), true);
    (void)quiet;
    MemoryFile file;
    if (file.descriptor < 0 || !file.append(header, header_size) || !file.append(payload, payload_size))
      return fail(message, message_size, "no memory for the decoder's copy");
    const std::string path = "/proc/self/fd/" + std::to_string(file.descriptor);
    auto owner = std::make_unique<Owner>();
    int code;
    if (pcd) {
      pcl::PCDReader reader;
      code = reader.read(path, owner->cloud);
    } else {
      pcl::PLYReader reader;
      code = reader.read(path, owner->cloud);
    }
    if (code < 0) return fail(message, message_size, "the payload could not be decoded");
    for (const auto &field : owner->cloud.fields) {
      owner->offsets.push_back(field.offset);
      owner->types.push_back(field.datatype);
    }
    out->count = static_cast<size_t>(owner->cloud.width) * owner->cloud.height;
    out->stride = owner->cloud.point_step;
    if (owner->cloud.data.size() < out->count * out->stride)
      return fail(message, message_size, "the decoder returned fewer bytes than points");
    out->bytes = owner->cloud.data.data();
    out->field_count = owner->offsets.size();
    out->offsets = owner->offsets.data();
    out->types = owner->types.data();
    out->owner = owner.release();
    return 0;
  } catch (const std::exception &e) {
    return fail(message, message_size, e.what());
  } catch (...) {
    return fail(message, message_size, "unknown C++ exception");
  }
}

extern "C" void cpcl_records_free(cpcl_records *records) {
  delete static_cast<Owner *>(records->owner);
  records->owner = nullptr;
}

extern "C" unsigned int cpcl_compress(const void *bytes, unsigned int size, void *out) {
  return pcl::lzfCompress(bytes, size, out, size + size / 16 + 64);
}
