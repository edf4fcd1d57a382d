"""What torchvision's DenseNet makes of a file that DenseSpark exported.

Usage: torchvision_logits.py EXPORTED OUTPUT

EXPORTED is the safetensors file that TorchvisionTest writes (model/target/torchvision/exported.safetensors). It is read by
the safetensors library and loaded into torchvision's DenseNet with strict=True: any tensor missing, unknown or of another
shape is an error. OUTPUT is JSON: the file's SHA-256, the logits in double of two images, and the versions. Image values
are (i * 7919 % 1009) / 1009 - 0.5 for the i-th value of [N, C, H, W], as in the test.

Written with torch 2.10.0, torchvision 0.25.0, safetensors 0.8.0.
"""

import hashlib
import json
import sys

import safetensors
import safetensors.torch
import torch
import torchvision

IMAGES, CHANNELS, SIDE = 2, 3, 64


def main(exported, output):
    net = torchvision.models.DenseNet(
        growth_rate=6, block_config=(2, 3, 2, 1), num_init_features=12, bn_size=4, num_classes=5
    )
    net.load_state_dict(safetensors.torch.load_file(exported), strict=True)
    net = net.double().eval()
    count = IMAGES * CHANNELS * SIDE * SIDE
    values = (torch.arange(count, dtype=torch.int64) * 7919 % 1009).double() / 1009 - 0.5
    with torch.no_grad():
        logits = net(values.float().double().reshape(IMAGES, CHANNELS, SIDE, SIDE))
    with open(exported, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    result = {
        "exported_sha256": digest,
        "logits": logits.flatten().tolist(),
        "torch": torch.__version__,
        "torchvision": torchvision.__version__,
        "safetensors": safetensors.__version__,
    }
    with open(output, "w") as file:
        json.dump(result, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
