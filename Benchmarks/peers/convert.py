"""Writes the points of a PLY or PCD file as raw float32: python convert.py IN.ply OUT.f32"""

import sys

import numpy
import open3d

points = numpy.asarray(open3d.io.read_point_cloud(sys.argv[1]).points)
if len(points) == 0:
    sys.exit(f"{sys.argv[1]}: no points could be read")
points.astype("<f4").tofile(sys.argv[2])
