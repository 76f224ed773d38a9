#!/usr/bin/env python3
"""Writes modelnet_test.h5 and prints the golden values of LayoutsModelNetTests (NumPy >= 1.17, h5py).

The pairs are drawn here by NumPy's own RandomState, in the order that RPMNet and Predator draw in: crop (source, target),
seed again, motion of the source, seed again, resampling and jitter (source, target), shuffling (target, source).
"""
import os
import numpy as np


def model(n):
    """Points whose coordinates are exact in single precision."""
    k = np.arange(n)
    return np.stack([(k * 37 % 2048) / 1024 - 1, (k * 101 % 2048) / 1024 - 1, (k * 701 % 1024) / 1024 - 0.5], 1).astype(np.float32)


def cropped(p, keep):
    keep = np.float32(keep)
    phi, c = np.random.uniform(0.0, 2 * np.pi), np.random.uniform(-1.0, 1.0)
    t = np.arccos(c)
    d = np.dot(p - np.mean(p, axis=0), np.array([np.sin(t) * np.cos(phi), np.sin(t) * np.sin(phi), np.cos(t)]))
    return p[d > (0 if keep == 0.5 else np.percentile(d, (1.0 - keep) * 100))]


def motion():
    a, b, c = (np.random.uniform() * np.pi * 45 / 180 for _ in range(3))
    X = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    Y = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    Z = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    t = np.random.uniform(-0.5, 0.5, 3)
    return np.concatenate([X @ Y @ Z, t[:, None]], 1).astype(np.float32)


def sampled(p, n=717):
    if n <= len(p):
        return p[np.random.choice(len(p), n, replace=False)]
    return p[np.concatenate([np.random.choice(len(p), len(p), replace=False), np.random.choice(len(p), n - len(p), replace=True)])]


def jittered(p):
    p = p.copy()
    p += np.clip(np.random.normal(0.0, scale=0.01, size=p.shape), -0.05, 0.05)
    return p


def pair(p, seed, keep):
    seed = np.array(seed, dtype=np.int32)
    np.random.seed(seed)
    s, t = cropped(p, keep), cropped(p, keep)
    np.random.seed(seed)
    M = motion()
    s = s @ M[:, :3].T + M[:, 3]
    np.random.seed(seed)
    s, t = sampled(s), sampled(t)
    s, t = jittered(s), jittered(t)
    t = np.random.permutation(t)
    s = np.random.permutation(s)
    return s, t, M


def main():
    import h5py
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "modelnet_test.h5")
    data = np.stack([model(64) + np.float32(k) for k in range(6)])
    with h5py.File(path, "w") as f:
        f.create_dataset("data", data=data, compression="gzip", shuffle=True, chunks=(4, 20, 2))
        f.create_dataset("label", data=np.array([[3], [20], [39], [25], [0], [21]], np.uint8))
    for seed in (0, 7, 4294967295):
        r = np.random.RandomState(seed)
        print(seed, [int(r.randint(0, 2**32, dtype=np.uint32)) for _ in range(3)], end=" ")
        r = np.random.RandomState(seed)
        print([r.uniform() for _ in range(2)], [r.normal() for _ in range(3)], r.permutation(8).tolist(), r.randint(0, 1000, 3).tolist(), r.uniform(-3, 5))
    for n, seed, keep in ((2048, 0, 0.7), (2048, 1265, 0.7), (2048, 7, 0.5), (64, 3, 0.7)):
        s, t, M = pair(model(n), seed, keep)
        print(n, seed, keep)
        for name, c in (("source", s), ("target", t)):
            print(" ", name, [[float(x) for x in c[k]] for k in (0, 1, 716)], c.astype(np.float64).sum(0).tolist())
        print("  motion", [float(x) for x in M.ravel()])


if __name__ == "__main__":
    main()
