"""Makes the golden files in model/src/test/resources/golden: what PyTorch computes for three small DenseNets.

    python model/src/test/python/golden.py model/src/test/resources/golden

Needs PyTorch and nothing else. All arithmetic is in float64, from weights and images that are float32 numbers. The
networks are written from the paper (arXiv 1608.06993), modules carry torchvision's names. A file holds, as
safetensors:

    images                 F32 [3, N, C, H, W]  one batch for each of three steps
    labels                 F32 [3, N]           whole numbers
    state.NAME             F32                  parameters and running statistics before the first step
    logits.training        F64 [N, classes]     of the first batch, in training mode
    logits.evaluation      F64 [N, classes]     of the first batch, in evaluation mode, before the first step
    logits.after           F64 [N, classes]     of the first batch, in evaluation mode, after the third step
    losses                 F64 [3]              mean cross-entropy of each step
    gradient.NAME          F32                  of the first step's loss, rounded from float64
    running.NAME           F32                  running statistics after the third step, rounded from float64

The optimizer is SGD with Nesterov momentum; its settings stand in the file's metadata.
"""

import json
import pathlib
import platform
import struct
import sys

import torch
from torch import nn
from torch.nn import functional as F

STEPS = 3
RATE, MOMENTUM, DECAY = 0.05, 0.9, 1e-4


class Layer(nn.Module):
    """norm, ReLU, 1x1, norm, ReLU, 3x3; without a bottleneck norm, ReLU, 3x3."""

    def __init__(self, inputs, growth, bottleneck):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(inputs)
        if bottleneck:
            middle = bottleneck * growth
            self.conv1 = nn.Conv2d(inputs, middle, 1, bias=False)
            self.norm2 = nn.BatchNorm2d(middle)
            self.conv2 = nn.Conv2d(middle, growth, 3, padding=1, bias=False)
        else:
            self.conv1 = nn.Conv2d(inputs, growth, 3, padding=1, bias=False)
        self.bottleneck = bottleneck

    def forward(self, x):
        y = self.conv1(F.relu(self.norm1(x)))
        return self.conv2(F.relu(self.norm2(y))) if self.bottleneck else y


class Block(nn.Module):
    def __init__(self, inputs, layers, growth, bottleneck):
        super().__init__()
        for i in range(layers):
            self.add_module(f"denselayer{i + 1}", Layer(inputs + i * growth, growth, bottleneck))

    def forward(self, x):
        for layer in self.children():
            x = torch.cat([x, layer(x)], 1)
        return x


class DenseNet(nn.Module):
    def __init__(self, channels, classes, growth, blocks, imagenet_stem, stem, compression, bottleneck):
        super().__init__()
        features = nn.Sequential()
        if imagenet_stem:
            features.add_module("conv0", nn.Conv2d(channels, stem, 7, stride=2, padding=3, bias=False))
            features.add_module("norm0", nn.BatchNorm2d(stem))
            features.add_module("relu0", nn.ReLU())
            features.add_module("pool0", nn.MaxPool2d(3, stride=2, padding=1))
        else:
            features.add_module("conv0", nn.Conv2d(channels, stem, 3, padding=1, bias=False))
        width = stem
        for b, layers in enumerate(blocks):
            features.add_module(f"denseblock{b + 1}", Block(width, layers, growth, bottleneck))
            width += layers * growth
            if b + 1 < len(blocks):
                out = int(width * compression)
                transition = nn.Sequential()
                transition.add_module("norm", nn.BatchNorm2d(width))
                transition.add_module("relu", nn.ReLU())
                transition.add_module("conv", nn.Conv2d(width, out, 1, bias=False))
                transition.add_module("pool", nn.AvgPool2d(2, stride=2))
                features.add_module(f"transition{b + 1}", transition)
                width = out
        features.add_module("norm5", nn.BatchNorm2d(width))
        self.features = features
        self.classifier = nn.Linear(width, classes)

    def forward(self, x):
        y = F.relu(self.features(x))
        return self.classifier(y.mean((2, 3)))


def initialize(net, generator):
    """Nothing at a default: scales about 1 of both signs' shifts, running statistics as if it had been trained."""
    with torch.no_grad():
        for name, tensor in net.state_dict().items():
            if name.endswith("num_batches_tracked"):
                continue
            values = torch.randn(tensor.shape, generator=generator)
            if name.endswith("running_mean"):
                values *= 0.2
            elif name.endswith("running_var"):
                values = 0.5 + values.abs()
            elif tensor.dim() == 4:
                values *= (2 / (tensor.shape[0] * tensor.shape[2] * tensor.shape[3])) ** 0.5
            elif tensor.dim() == 2:
                values *= tensor.shape[1] ** -0.5
            elif name.endswith("weight"):
                values = 1 + 0.3 * values
            else:
                values *= 0.3
            tensor.copy_(values)


def state_of(net):
    return {k: v.clone() for k, v in net.state_dict().items() if not k.endswith("num_batches_tracked")}


def evaluate(net, images):
    net.eval()
    with torch.no_grad():
        logits = net(images)
    net.train()
    return logits


def golden(seed, images, size, **shape):
    generator = torch.Generator().manual_seed(seed)
    net = DenseNet(**shape)
    initialize(net, generator)
    net.double()
    tensors = {
        "images": torch.randn(STEPS, images, shape["channels"], size, size, generator=generator),
        "labels": torch.randint(shape["classes"], (STEPS, images), generator=generator),
    }
    for name, tensor in state_of(net).items():
        tensors["state." + name] = tensor
    batches = tensors["images"].double()
    tensors["logits.evaluation"] = evaluate(net, batches[0])
    sgd = torch.optim.SGD(net.parameters(), lr=RATE, momentum=MOMENTUM, weight_decay=DECAY, nesterov=True)
    losses = []
    for step in range(STEPS):
        logits = net(batches[step])
        loss = F.cross_entropy(logits, tensors["labels"][step])
        sgd.zero_grad()
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            tensors["logits.training"] = logits.detach()
            for name, parameter in net.named_parameters():
                tensors["gradient." + name] = parameter.grad.clone()
        sgd.step()
    for name, tensor in state_of(net).items():
        if "running" in name:
            tensors["running." + name] = tensor
    tensors["logits.after"] = evaluate(net, batches[0])
    tensors["losses"] = torch.tensor(losses, dtype=torch.float64)
    return tensors


def write(path, tensors):
    """The safetensors format: length of the header, JSON header, bytes in its order."""
    header = {
        "__metadata__": {
            "torch": torch.__version__,
            "python": platform.python_version(),
            "optimizer": f"SGD, Nesterov, learning rate {RATE}, momentum {MOMENTUM}, weight decay {DECAY}",
        }
    }
    parts = []
    offset = 0
    for name, tensor in tensors.items():
        exact = name == "losses" or name.startswith("logits.")
        kind, code = ("F64", "d") if exact else ("F32", "f")
        values = tensor.flatten().tolist()
        data = struct.pack(f"<{len(values)}{code}", *values)
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [offset, offset + len(data)]}
        parts.append(data)
        offset += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


def main(folder):
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    small = dict(channels=3, classes=10, imagenet_stem=False)
    nets = {
        "bc-22-12": golden(
            1, 3, 16, growth=12, blocks=[3, 3, 3], stem=24, compression=0.5, bottleneck=4, **small),
        "basic-10-4": golden(
            2, 3, 16, growth=4, blocks=[2, 2, 2], stem=16, compression=1, bottleneck=0, **small),
        "imagenet-stem": golden(
            3, 3, 36, channels=3, classes=7, growth=6, blocks=[2, 3], imagenet_stem=True, stem=12, compression=0.5,
            bottleneck=4),
    }
    for name, tensors in nets.items():
        path = folder / f"{name}.safetensors"
        write(path, tensors)
        losses = ", ".join(f"{loss:.6f}" for loss in tensors["losses"].tolist())
        print(f"{path.name}: {path.stat().st_size} bytes, losses {losses}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
