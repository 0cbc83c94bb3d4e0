"""The tour's job in NumPy: the same data, stages and block sizes as analysis.ts, each stage timed.

Reads the MNIST files in FOLDER, cuts them to ROWS training images (0: all), writes its results to OUT (.npz), checks
that the archive Orthant wrote at OURS reads back, and prints timings as JSON.
Usage: python3 job.py FOLDER ROWS OUT OURS
"""
import json
import os
import sys
import time

import numpy as np

COMPONENTS, BLOCK, CLASSES = 50, 256, 10
folder, rows, out, ours = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
seconds = {}
started = time.perf_counter()


def stage(name):
    """Books the time since the last call under `name`."""
    global started
    now = time.perf_counter()
    seconds[name] = now - started
    started = now


def idx(name, ndim):
    raw = np.fromfile(os.path.join(folder, name), dtype=np.uint8)
    shape = raw[4 : 4 + 4 * ndim].view(">u4")
    return raw[4 + 4 * ndim :].reshape(shape)


def ink(images):
    x = np.divide(images, images.max(axis=1, keepdims=True), dtype=np.float32)
    return np.sqrt(x, out=x)


def nearest(start, to):
    k = to.shape[1]
    table = np.empty((len(to), k + 1), np.float32)
    table[:, :k] = to
    table[:, k] = np.square(to).sum(axis=1)
    factor = np.ones((len(start), k + 1), np.float32)
    factor[:, :k] = start * np.float32(-2)
    room = np.empty((BLOCK, len(to)), np.float32)
    found = np.empty(len(start), np.int32)
    for i in range(0, len(start), BLOCK):
        block = factor[i : i + BLOCK]
        found[i : i + BLOCK] = np.matmul(block, table.T, out=room[: len(block)]).argmin(axis=1)
    return found


def one_hot(labels):
    return (labels[:, None] == np.arange(CLASSES, dtype=np.uint8)).astype(np.float32)


started = time.perf_counter()
images, labels = idx("train-images-idx3-ubyte", 3), idx("train-labels-idx1-ubyte", 1)
test_images, test_labels = idx("t10k-images-idx3-ubyte", 3), idx("t10k-labels-idx1-ubyte", 1)
stage("read")

parts = []
for pixels, digits in ((images, labels), (test_images, test_labels)):
    assert pixels.shape[1:] == (28, 28) and len(pixels) == len(digits)
    assert not (digits > CLASSES - 1).any()
    pixels = pixels.reshape(len(pixels), -1)
    assert not (pixels.max(axis=1) == 0).any()
    parts.append((pixels, digits))
(images, labels), (test_images, test_labels) = parts
if rows:
    tests = max(1, int(rows / 6 + 0.5))
    images, labels = images[:rows], labels[:rows]
    test_images, test_labels = test_images[:tests], test_labels[:tests]
stage("check")

x = ink(images)
mean = x.mean(axis=0)
x -= mean
deviation = x.std(axis=0)
scale = float(np.sqrt(np.square(deviation).mean()))
x /= np.float32(scale)
t = ink(test_images)
t -= mean
t /= np.float32(scale)
stage("standardise")

covariance = (x.T @ x).astype(np.float64) / len(x)
stage("covariance")

values, vectors = np.linalg.eigh(covariance)
count = min(COMPONENTS, len(x) - 1)
variances, axes = values[::-1][:count], vectors[:, ::-1][:, :count]
stage("components")

axes = axes.astype(np.float32)
known, projected = x @ axes, t @ axes
stage("project")

rows_found = nearest(projected, known)
stage("neighbours")

predicted = labels[rows_found]
accuracy = float((predicted == test_labels).mean())
confusion = (one_hot(test_labels).T @ one_hot(predicted)).astype(np.int32)
members = one_hot(labels)
centres = (members.T @ known) / np.maximum(members.sum(axis=0), 1)[:, None]
baseline = float((nearest(projected, centres) == test_labels).mean())
stage("evaluate")

np.savez(
    out, mean=mean, variances=variances, components=axes, projected=projected, nearest=rows_found,
    predicted=predicted, confusion=confusion,
)
stage("write .npz")

with np.load(ours) as archive:
    read_back = {name: list(archive[name].shape) for name in archive.files}
print(json.dumps({
    "numpy": np.__version__, "seconds": seconds, "accuracy": accuracy, "baseline": baseline, "scale": scale,
    "readBack": read_back,
}))
