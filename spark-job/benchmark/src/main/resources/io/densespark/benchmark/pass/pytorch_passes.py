"""A layer's passes in PyTorch on CPU, the peers of those of `densespark benchmark passes`.

Usage: pytorch_passes.py THREADS SECONDS SHAPES PATTERN

SHAPES is a JSON list of {"name", "images", "side", "inputs", "bottleneck", "growth"}, the whole batch of a layer; passes
whose names have no match of PATTERN are left out. Prints a line for each pass, precision and shape: the median of the
seconds of a call, and the 10^9 bytes of its operands (each counted once) and 10^9 operations of products in a second. Bytes
are counted as for DenseSpark, whatever PyTorch moves beside them.
"""

import json
import re
import statistics
import sys
import time

import torch
import torch.nn.functional as F

PRECISIONS = {"FP32": torch.float32, "BF16": torch.bfloat16}


def median(call, seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        call()
    times = []
    end = time.perf_counter() + 3 * seconds
    while time.perf_counter() < end or len(times) < 5:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def passes(shape, dtype):
    """Name, call, elements of the operands and operations of products of each pass."""
    n, side = shape["images"], shape["side"]

    def images(channels, pixels=side):
        made = torch.randn(n, channels, pixels, pixels, dtype=dtype)
        return made.contiguous(memory_format=torch.channels_last)

    inputs, middle, growth = shape["inputs"], shape["bottleneck"], shape["growth"]
    pixels = n * side * side
    x, dz = images(inputs).requires_grad_(), images(inputs)
    y, dy = images(middle).requires_grad_(), images(middle)
    grown = images(growth)
    scale, shift = torch.ones(inputs, requires_grad=True), torch.zeros(inputs, requires_grad=True)
    point = torch.randn(middle, inputs, 1, 1, dtype=dtype, requires_grad=True)
    image = torch.randn(growth, middle, 3, 3, dtype=dtype, requires_grad=True)
    into = torch.empty_like(x)
    z = F.relu(F.batch_norm(x, None, None, scale, shift, training=True))
    multiplied = F.conv2d(x, point)
    convolved = F.conv2d(y, image, padding=1)

    def backward(output, gradient, *of):
        return lambda: torch.autograd.grad(output, of, gradient, retain_graph=True)

    def without_graph(call):
        def run():
            with torch.no_grad():
                call()

        return run

    point_work, image_work = 2 * pixels * inputs * middle, 18 * pixels * middle * growth
    return [
        ("copy", without_graph(lambda: into.copy_(x)), 2 * x.numel(), 0),
        (
            "normalizeRelu with moments",
            without_graph(lambda: F.relu_(F.batch_norm(x, None, None, scale, shift, training=True))),
            2 * x.numel(),
            0,
        ),
        ("reluBackward and finishGradient", backward(z, dz, x, scale, shift), 3 * x.numel(), 0),
        ("multiply", without_graph(lambda: F.conv2d(x, point)), x.numel() + y.numel(), point_work),
        ("multiplyBackward", backward(multiplied, dy, x, point), 2 * x.numel() + y.numel(), 2 * point_work),
        ("convolve", without_graph(lambda: F.conv2d(y, image, padding=1)), y.numel() + grown.numel(), image_work),
        ("convolutionBackward", backward(convolved, grown, y, image), 2 * y.numel() + grown.numel(), 2 * image_work),
        ("averagePool", without_graph(lambda: F.avg_pool2d(y, 2)), y.numel() * 5 // 4, 0),
    ]


def main(threads, seconds, shapes, pattern):
    torch.set_num_threads(threads)
    torch.manual_seed(42)
    print(f"PyTorch {torch.__version__}, {threads} threads, channels-last, whole batches")
    print(f"{'pass':<34}{'precision':<10}{'shape':<24}{'ms':>10}{'GB/s':>10}{'GF/s':>10}")
    for shape in shapes:
        for precision, dtype in PRECISIONS.items():
            for name, call, elements, operations in passes(shape, dtype):
                if re.search(pattern, name):
                    taken = median(call, seconds)
                    bandwidth = elements * dtype.itemsize / taken / 1e9
                    rate = f"{operations / taken / 1e9:10.1f}" if operations else " " * 10
                    print(
                        f"{name:<34}{precision:<10}{shape['name']:<24}{1e3 * taken:>10.3f}{bandwidth:>10.1f}{rate}",
                        flush=True,
                    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3]), sys.argv[4])
