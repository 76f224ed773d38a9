#include <hdf5.h>
// HDF5 compresses with zlib; Plumb unpacks the pieces of a file itself.
#include <zlib.h>
