"""A DenseNet in plain PyTorch, the peer of `densespark benchmark replica`.

Usage: pytorch_densenet.py TASK

TASK is a JSON file with the network, the files of its weights (safetensors) and of its batch, and how to run it. The
script steps a toy network, makes the real one, prints {} and answers each line of its input with a line of JSON:
"step" with the seconds and the loss of a training step, "memory" with the bytes by which the resident memory has grown
at its peak, or the memory in use of the GPU. It ends with its input, or with {"error": ...} and exit status 1.

The network is the textbook one: every layer concatenates all earlier feature maps of its block. "pytorch-checkpoint"
doesn't keep concatenation, normalization, ReLU and the 1x1 convolution's intermediates but computes them again in the
backward pass; "pytorch-compile" runs by torch.compile. In bf16 it runs under autocast.
"""

import json
import struct
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.checkpoint import checkpoint

TOY_STEPS = 3


class Layer(nn.Module):
    """norm, ReLU, 1x1 convolution, norm, ReLU, 3x3 convolution; without a bottleneck norm, ReLU, 3x3 convolution."""

    def __init__(self, inputs, growth, bottleneck, checkpointed):
        super().__init__()
        middle = bottleneck * growth
        self.checkpointed = checkpointed
        self.norm1 = nn.BatchNorm2d(inputs)
        if middle:
            self.conv1 = nn.Conv2d(inputs, middle, 1, bias=False)
            self.norm2 = nn.BatchNorm2d(middle)
            self.conv2 = nn.Conv2d(middle, growth, 3, padding=1, bias=False)
        else:
            self.conv1 = nn.Conv2d(inputs, growth, 3, padding=1, bias=False)
        self.has_bottleneck = middle > 0

    def _first(self, *features):
        return self.conv1(F.relu(self.norm1(torch.cat(features, 1))))

    def forward(self, features):
        if self.checkpointed:
            # The first norm's running statistics move twice a step so. No loss in training mode depends on them.
            x = checkpoint(self._first, *features, use_reentrant=False)
        else:
            x = self._first(*features)
        return self.conv2(F.relu(self.norm2(x))) if self.has_bottleneck else x


class Block(nn.Module):
    def __init__(self, layers, inputs, spec, checkpointed):
        super().__init__()
        for i in range(layers):
            layer = Layer(inputs + i * spec["growth_rate"], spec["growth_rate"], spec["bottleneck_size"], checkpointed)
            self.add_module(f"denselayer{i + 1}", layer)

    def forward(self, x):
        features = [x]
        for layer in self.children():
            features.append(layer(features))
        return torch.cat(features, 1)


class Transition(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.norm = nn.BatchNorm2d(inputs)
        self.conv = nn.Conv2d(inputs, outputs, 1, bias=False)

    def forward(self, x):
        return F.avg_pool2d(self.conv(F.relu(self.norm(x))), 2)


class DenseNet(nn.Module):
    def __init__(self, spec, checkpointed):
        super().__init__()
        channels = spec["stem_channels"]
        features = nn.Sequential()
        if spec["stem"] == "imagenet":
            features.add_module("conv0", nn.Conv2d(spec["input_channels"], channels, 7, 2, 3, bias=False))
            features.add_module("norm0", nn.BatchNorm2d(channels))
            features.add_module("relu0", nn.ReLU())
            features.add_module("pool0", nn.MaxPool2d(3, 2, 1))
        else:
            features.add_module("conv0", nn.Conv2d(spec["input_channels"], channels, 3, padding=1, bias=False))
        for b, layers in enumerate(spec["blocks"], 1):
            features.add_module(f"denseblock{b}", Block(layers, channels, spec, checkpointed))
            channels += layers * spec["growth_rate"]
            if b < len(spec["blocks"]):
                compressed = max(1, int(channels * spec["compression"]))
                features.add_module(f"transition{b}", Transition(channels, compressed))
                channels = compressed
        features.add_module("norm5", nn.BatchNorm2d(channels))
        self.features = features
        self.classifier = nn.Linear(channels, spec["classes"])

    def forward(self, x):
        return self.classifier(F.relu(self.features(x)).mean((2, 3)))


def read_safetensors(path):
    """The float32 tensors of a file: 8 bytes with the length of a JSON header, the header, the values."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        values = file.read()
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            flat = torch.frombuffer(bytearray(values[begin:end]), dtype=torch.float32)
            tensors[name] = flat.reshape(entry["shape"])
    return tensors


class Stepper:
    """A network and its batch; step() is forward, loss, backward, SGD, running statistics."""

    def __init__(self, task, problem):
        spec, size = problem["spec"], problem["image"]
        self.format = torch.channels_last if task["layout"] == "channels-last" else torch.contiguous_format
        self.net = DenseNet(spec, task["implementation"] == "pytorch-checkpoint")
        counters = {name: value for name, value in self.net.state_dict().items() if "num_batches_tracked" in name}
        self.net.load_state_dict(read_safetensors(problem["weights"]) | counters)
        self.device = task["device"]
        self.net.to(device=self.device, memory_format=self.format)
        self.optimizer = torch.optim.SGD(
            self.net.parameters(),
            lr=task["learning_rate"],
            momentum=task["momentum"],
            weight_decay=task["weight_decay"],
            nesterov=True,
        )
        shape = (problem["batch"], size["height"], size["width"], spec["input_channels"])
        with open(problem["data"], "rb") as file:
            pixels = bytearray(file.read(4 * shape[0] * shape[1] * shape[2] * shape[3]))
            labels = bytearray(file.read())
        self.pixels = torch.frombuffer(pixels, dtype=torch.float32).reshape(shape)
        self.labels = torch.frombuffer(labels, dtype=torch.int32).long()
        self.rounds = task["precision"] == "bf16"
        self.run = torch.compile(self.net) if task["implementation"] == "pytorch-compile" else self.net
        if self.device == "cuda":
            self.pixels = self.pixels.pin_memory()

    def step(self):
        x = self.pixels.to(self.device, non_blocking=True).permute(0, 3, 1, 2).contiguous(memory_format=self.format)
        self.optimizer.zero_grad()
        with torch.autocast(self.device, torch.bfloat16, enabled=self.rounds):
            outputs = self.run(x)
        loss = F.cross_entropy(outputs.float(), self.labels.to(self.device))
        loss.backward()
        self.optimizer.step()
        if self.device == "cuda":
            torch.cuda.synchronize()
        return loss.item()


def memory(field):
    """Bytes of this process, by Linux's account: VmRSS is resident now, VmHWM was so at the peak."""
    with open("/proc/self/status") as file:
        return next(1024 * int(line.split()[1]) for line in file if line.startswith(field))


def gpu_memory():
    """Bytes in use of the GPU, by the driver's account. PyTorch keeps what it ever had."""
    free, total = torch.cuda.mem_get_info()
    return total - free


def forget_peak():
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        pass  # A locked-down container: the peak then includes what came before, an upper bound.


def answer(**values):
    print(json.dumps(values), flush=True)


def main(path):
    with open(path) as file:
        task = json.load(file)
    torch.set_num_threads(task["threads"])
    on_gpu = task["device"] == "cuda"
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = task["precision"] != "fp32"
    torch.backends.cudnn.benchmark = True
    toy = Stepper(task, task["toy"])
    for _ in range(TOY_STEPS):
        toy.step()
    del toy
    before = gpu_memory() if on_gpu else memory("VmRSS:")
    forget_peak()
    stepper = Stepper(task, task["problem"])
    answer()
    for line in sys.stdin:
        if line.strip() == "step":
            start = time.perf_counter()
            loss = stepper.step()
            answer(seconds=time.perf_counter() - start, loss=loss)
        elif line.strip() == "memory":
            answer(bytes=(gpu_memory() if on_gpu else memory("VmHWM:")) - before)
        else:
            raise ValueError("unknown command " + line.strip())


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except Exception as error:
        answer(error=f"{type(error).__name__}: {error}")
        raise
