"""GICP by small_gicp from the identity: python gicp_small_gicp.py SOURCE.f32 TARGET.f32 --threads N"""

import argparse

import small_gicp

from figures import best, error, figure, peak, read

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("source")
parser.add_argument("target")
parser.add_argument("--voxel", type=float, default=0.25)
parser.add_argument("--gate", type=float, default=1.0)
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--truth")
parser.add_argument("--runs", type=int, default=5)
options = parser.parse_args()

source, target = (read(p).astype("float64") for p in (options.source, options.target))


def prepare():
    return [
        small_gicp.preprocess_points(p, options.voxel, num_neighbors=10, num_threads=options.threads)
        for p in (source, target)
    ]


def align():
    return small_gicp.align(
        prepared[1][0], prepared[0][0], prepared[1][1], registration_type="GICP",
        max_correspondence_distance=options.gate, num_threads=options.threads)


def both():
    return small_gicp.align(
        target, source, registration_type="GICP", downsampling_resolution=options.voxel,
        max_correspondence_distance=options.gate, num_threads=options.threads)


preparation, prepared = best(options.runs, prepare)
alignment, result = best(options.runs, align)
whole, _ = best(options.runs, both)
task = f"gicp {len(source)}+{len(target)}"
note = f"{result.iterations} iterations, {result.num_inliers} inliers" + error(result.T_target_source, options.truth)
figure(task, "preparation", options.threads, "small_gicp", preparation, f"{prepared[0][0].size()} points")
figure(task, "alignment", options.threads, "small_gicp", alignment, note)
figure(task, "both", options.threads, "small_gicp", whole)
peak(task, options.threads, "small_gicp")
