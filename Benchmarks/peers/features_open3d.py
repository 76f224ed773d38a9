"""Normals and FPFH by Open3D, radii 2 and 5 voxels: OMP_NUM_THREADS=N python features_open3d.py CLOUD.f32"""

import argparse
import os

import open3d

from figures import best, figure, peak, read

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("cloud")
parser.add_argument("--voxel", type=float, default=0.05)
parser.add_argument("--runs", type=int, default=5)
options = parser.parse_args()
threads = int(os.environ.get("OMP_NUM_THREADS") or len(os.sched_getaffinity(0)))

points = read(options.cloud)
cloud = open3d.geometry.PointCloud(open3d.utility.Vector3dVector(points))
radius = open3d.geometry.KDTreeSearchParamRadius


def normals():
    cloud.normals = open3d.utility.Vector3dVector()
    cloud.estimate_normals(radius(2 * options.voxel))


def features():
    return open3d.pipelines.registration.compute_fpfh_feature(cloud, radius(5 * options.voxel))


normal_seconds, _ = best(options.runs, normals)
cloud.orient_normals_towards_camera_location()
feature_seconds, _ = best(options.runs, features)
task = f"features {len(points)}"
figure(task, "normals", threads, "open3d", normal_seconds)
figure(task, "FPFH", threads, "open3d", feature_seconds)
figure(task, "normals + FPFH", threads, "open3d", normal_seconds + feature_seconds)
peak(task, threads, "open3d")
