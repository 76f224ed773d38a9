"""Reading clouds and printing figures the way the Swift benchmarks do."""

import resource
import sys
import time

import numpy


def read(path):
    """The points of a file of raw little-endian float32, shape [n, 3]."""
    points = numpy.fromfile(path, dtype="<f4").reshape(-1, 3)
    if len(points) == 0:
        sys.exit(f"{path}: holds no points")
    return points


def best(runs, work):
    """Seconds of the fastest of several runs, and the last value."""
    fastest, value = float("inf"), None
    for _ in range(runs):
        start = time.perf_counter()
        value = work()
        fastest = min(fastest, time.perf_counter() - start)
    return fastest, value


def figure(task, step, threads, tool, seconds, note=""):
    print(f"{task};{step};{threads};{tool};{seconds * 1e3:.3f};{note}")


def peak(task, threads, tool):
    print(f"{task};peak MiB;{threads};{tool};{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024};")


def error(pose, truth_path):
    """Rotation (degrees) and translation (metres) between a pose and the ground truth of a file, as text."""
    if not truth_path:
        return ""
    truth = numpy.loadtxt(truth_path).reshape(4, 4)
    off = numpy.linalg.inv(truth) @ pose
    angle = numpy.degrees(numpy.arccos(numpy.clip((numpy.trace(off[:3, :3]) - 1) / 2, -1, 1)))
    return f", off by {angle:.4f} deg, {numpy.linalg.norm(off[:3, 3]):.4f} m"
