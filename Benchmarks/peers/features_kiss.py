"""Normals and Faster-PFH by KISS-Matcher, radii 2 and 5 voxels: taskset -c 0 python features_kiss.py CLOUD.f32

Its Python API extracts the features of two clouds at a time and reports the seconds of that; the cloud is given twice
and the time halved. It works on all processors it may use, so the number of threads is set by taskset.
"""

import argparse
import os

import kiss_matcher

from figures import figure, peak, read

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("cloud")
parser.add_argument("--voxel", type=float, default=0.05)
parser.add_argument("--runs", type=int, default=5)
options = parser.parse_args()
threads = len(os.sched_getaffinity(0))

points = read(options.cloud)
seconds = float("inf")
for _ in range(options.runs):
    config = kiss_matcher.KISSMatcherConfig(
        options.voxel, use_voxel_sampling=False, normal_r_gain=2.0, fpfh_r_gain=5.0)
    matcher = kiss_matcher.KISSMatcher(config)
    matcher.match(points, points)
    seconds = min(seconds, matcher.get_extraction_time() / 2)
described = len(matcher.get_keypoints_from_faster_pfh()[0])
task = f"features {len(points)}"
figure(task, "normals + FPFH", threads, "kiss", seconds, f"{described} points described")
peak(task, threads, "kiss")
