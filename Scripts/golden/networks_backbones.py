"""Golden values of the backbones, from torchvision, transformers and PyTorch.

    python -m venv venv
    venv/bin/pip install numpy torch torchvision transformers safetensors
    venv/bin/python Scripts/golden/networks_backbones.py [NAME...]
    venv/bin/python Scripts/golden/networks_backbones.py --full DIR [NAME...]

Writes Tests/NetworksTests/Golden/backbones/NAME.json. The weights aren't stored: a formula gives
them, which the tests compute too. Element i (from 0, in C order) of the tensor named N is made of

    h(N, i) = splitmix64(fnv1a64(N in UTF-8) + i)          modulo 2^64
    r(N, i) = ((h >> 40) - 2^23) / 2^23                     in [-1, 1), exact in single precision

and is, computed in double precision and then rounded to single,

    0.1 r                   where N ends in running_mean or moving_mean
    biasOffset + 0.1 r      where N ends in bias or beta; the offset is stated for each mode
    1 + 0.25 (r + 1)        where N ends in running_var or moving_variance
    1 + 0.1 r               where N has one axis otherwise: the scales of normalizations
    sqrt(3 / fan) r         otherwise

where fan is the product of all lengths but the first; for names that end in depthwise_kernel, of
the first two; for others that end in kernel, of all but the last. num_batches_tracked is 0. `state`
gives the dictionary's order, and of each tensor the first element in `eval`. Images are
r("input", i), or under another name that is stated. Tokens and masks are stated. Sample i has the
label i mod classes.

All is then computed in double precision. `train` takes the batch's statistics where there is batch
normalization and is missing where there is none; `eval` takes the running ones. Dropout is off.
Each gradient of the mean cross-entropy, and each running statistic after the step of `train`, is
given by its L2 norm and by its products with r("probe0:" + N) and r("probe1:" + N).
`singlePrecision` says how far PyTorch itself is from these values when it computes in single
precision, in the worse of two layouts: the largest error of a logit over the largest logit, and the
largest relative L2 error of a gradient, among those whose norm isn't below a millionth of the
largest one: a bias that another normalization takes out again has a gradient of 0 but for rounding.
A single activation that rounding puts on the other side of 0 can change gradients by per cents
where a layer has few of them: hence the offset in `train`, with which few come near 0. Without it
PyTorch in single precision is wrong by 4 % in the deepest networks. In `eval` it is 0. Two pixels
that nearly tie for the greatest of a pooling window do the same: where an implementation met such a
case, which shows in gradients that are right down to one layer and wrong below it, the images have
another name.

With --full, the networks at their full size with the packages' own random weights (seed 0), in
files outside the repository: NAME.safetensors (the state dictionary), NAME.inputs.safetensors
(input, or tokens and mask; labels), and NAME.outputs.safetensors (of each mode: logits, loss, and
`gradient:` + N, computed in double precision).
"""

import argparse
import copy
import datetime
import importlib.metadata
import json
import math
import pathlib
import platform
import sys

# The scripts beside this one bear names of Python's own modules, which PyTorch imports.
HERE = pathlib.Path(__file__).resolve().parent
sys.path = [place for place in sys.path if pathlib.Path(place).resolve() != HERE]

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

try:
    import torchvision
except RuntimeError:
    # A torchvision built for another PyTorch: its networks need none of its compiled operators,
    # which only have to be declared.
    for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
        del sys.modules[name]
    for name in ["nms", "qnms"]:
        torch.library.define(
            f"torchvision::{name}", "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchvision

import transformers
from torchvision import models

ROOT = HERE.parents[1]
OUT = ROOT / "Tests/NetworksTests/Golden/backbones"


# The formula


def fnv1a64(text):
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


def hashes(name, count, start=0):
    with np.errstate(over="ignore"):
        value = np.uint64(fnv1a64(name)) + np.arange(start, start + count, dtype=np.uint64)
        value += np.uint64(0x9E3779B97F4A7C15)
        value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return value ^ (value >> np.uint64(31))


PART = 2**22


def ratios(name, shape):
    values = np.empty(math.prod(shape))
    # In parts, since the largest tensor has a hundred million elements.
    for start in range(0, len(values), PART):
        part = values[start : start + PART]
        part[:] = hashes(name, len(part), start) >> np.uint64(40)
        part -= 2**23
        part /= 2**23
    return values.reshape(shape)


def weight(name, shape, offset):
    drawn = ratios(name, shape)
    if name.endswith(("running_mean", "moving_mean")):
        values = 0.1 * drawn
    elif name.endswith(("bias", "beta")):
        values = offset + 0.1 * drawn
    elif name.endswith(("running_var", "moving_variance")):
        values = 1 + 0.25 * (drawn + 1)
    elif len(shape) == 1:
        values = 1 + 0.1 * drawn
    else:
        if name.endswith("depthwise_kernel"):
            fan = math.prod(shape[:2])
        elif name.endswith("kernel"):
            fan = math.prod(shape[:-1])
        else:
            fan = math.prod(shape[1:])
        values = math.sqrt(3 / fan) * drawn
    return torch.tensor(values.astype(np.float32))


def without_dropout(network):
    for module in network.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    return network


def bias_offset(backbone, mode):
    return backbone["offset"] if mode == "train" else 0


def filled(backbone, mode):
    """The network with the formula's state."""
    network = without_dropout(backbone["make"]())
    state = {}
    for name, tensor in network.state_dict().items():
        if tensor.dtype.is_floating_point:
            state[name] = weight(name, tuple(tensor.shape), bias_offset(backbone, mode))
        else:
            state[name] = tensor if name.endswith("position_ids") else torch.zeros_like(tensor)
    network.load_state_dict(state)
    return network


# Networks that no package has


class Perceptron(nn.Module):
    """784-256-256-10 with ReLU."""

    def __init__(self, classes):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(784, 256), nn.Linear(256, 256)
        self.fc3 = nn.Linear(256, classes)

    def forward(self, x):
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x.flatten(1))))))


class LeNet(nn.Module):
    """Convolutions of 5x5 to 20 and 50 channels, each with ReLU and a 2x2 maximum; 500; 10."""

    def __init__(self, classes):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 20, 5), nn.Conv2d(20, 50, 5)
        self.fc1, self.fc2 = nn.Linear(800, 500), nn.Linear(500, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


class CifarBlock(nn.Module):
    def __init__(self, inner, outer, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inner, outer, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outer)
        self.conv2 = nn.Conv2d(outer, outer, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outer)
        self.stride, self.added = stride, outer - inner

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.added:
            # He et al. 2016, option A: every second pixel, and channels of zeros on both sides.
            half = self.added // 2
            x = F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, half, half))
        return F.relu(y + x)


class CifarResNet(nn.Module):
    """He et al. 2016, section 4.2, with 6n + 2 layers."""

    def __init__(self, layers, classes):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16)
        width = 16
        for index, outer in enumerate([16, 32, 64]):
            blocks = []
            for block in range((layers - 2) // 6):
                blocks.append(CifarBlock(width, outer, 2 if index > 0 and block == 0 else 1))
                width = outer
            setattr(self, f"layer{index + 1}", nn.Sequential(*blocks))
        self.linear = nn.Linear(64, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.linear(x.mean((2, 3)))


class KerasNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(channels))
        self.beta = nn.Parameter(torch.zeros(channels))
        self.register_buffer("moving_mean", torch.zeros(channels))
        self.register_buffer("moving_variance", torch.ones(channels))

    def forward(self, x):
        return F.batch_norm(
            x, self.moving_mean, self.moving_variance, self.gamma, self.beta, self.training, 0.01,
            1e-3)


class KerasConvolution(nn.Module):
    """A kernel of (rows, columns, in, out); with stride 2, zeros are added below and right only."""

    def __init__(self, size, inner, outer, stride=1, bias=False):
        super().__init__()
        self.kernel = nn.Parameter(torch.zeros(size, size, inner, outer))
        if bias:
            self.bias = nn.Parameter(torch.zeros(outer))
        self.size, self.stride = size, stride

    def forward(self, x):
        if self.stride == 2:
            x = F.pad(x, (0, 1, 0, 1))
        return F.conv2d(
            x, self.kernel.permute(3, 2, 0, 1), getattr(self, "bias", None), self.stride)


class KerasDepthwise(nn.Module):
    """A kernel of (rows, columns, channels, 1); padded as above, or by 1 with stride 1."""

    def __init__(self, channels, stride):
        super().__init__()
        self.depthwise_kernel = nn.Parameter(torch.zeros(3, 3, channels, 1))
        self.stride = stride

    def forward(self, x):
        x = F.pad(x, (0, 1, 0, 1) if self.stride == 2 else (1, 1, 1, 1))
        return F.conv2d(
            x, self.depthwise_kernel.permute(2, 3, 0, 1), None, self.stride, groups=x.shape[1])


class MobileNet(nn.Module):
    """Howard et al. 2017 at width 1, with the names and layouts of Keras; ReLU up to 6."""

    def __init__(self, classes):
        super().__init__()
        self.conv1, self.conv1_bn = KerasConvolution(3, 3, 32, 2), KerasNorm(32)
        width = 32
        plan = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)]
        plan += [(512, 1)] * 5 + [(1024, 2), (1024, 1)]
        for index, (outer, stride) in enumerate(plan, 1):
            setattr(self, f"conv_dw_{index}", KerasDepthwise(width, stride))
            setattr(self, f"conv_dw_{index}_bn", KerasNorm(width))
            setattr(self, f"conv_pw_{index}", KerasConvolution(1, width, outer))
            setattr(self, f"conv_pw_{index}_bn", KerasNorm(outer))
            width = outer
        self.conv_preds = KerasConvolution(1, 1024, classes, bias=True)

    def forward(self, x):
        x = F.relu6(self.conv1_bn(self.conv1(x)))
        for index in range(1, 14):
            for part in ["dw", "pw"]:
                name = f"conv_{part}_{index}"
                x = F.relu6(getattr(self, name + "_bn")(getattr(self, name)(x)))
        return self.conv_preds(x.mean((2, 3), keepdim=True)).flatten(1)


# The backbones: how each is made, and what it is given


def vision(make, size, channels=3, full=None, offset=2, images="input", **attributes):
    """`make` takes the number of classes; `full` is the size of images with `--full`; `images` is
    the name that gives their numbers."""
    return {
        "make": lambda isFull=False: make(1000 if isFull else 10), "size": size,
        "channels": channels, "full": full, "offset": offset, "images": images,
        "attributes": attributes,
    }


def text(model, config, padding, small, full, **attributes):
    """`small` and `full` are what differs from the configuration's defaults, without and with
    `--full`."""
    def make(isFull=False):
        chosen = config(**(full if isFull else small), num_labels=3, pad_token_id=padding)
        chosen._attn_implementation = "eager"
        return model(chosen)

    return {"make": make, "padding": padding, "attributes": attributes | small}


def torchvision_network(function, **options):
    return lambda classes: function(weights=None, num_classes=classes, **options)


BERT = dict(
    vocab_size=100, hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
    intermediate_size=128, max_position_embeddings=32,
)
BACKBONES = {
    "mlp": vision(Perceptron, 28, 1),
    "lenet": vision(LeNet, 28, 1),
    "resnet20": vision(lambda classes: CifarResNet(20, classes), 32, offset=0.25),
    "resnet32": vision(lambda classes: CifarResNet(32, classes), 32, offset=0.25),
    "resnet56": vision(lambda classes: CifarResNet(56, classes), 32, offset=0.25),
    "resnet18": vision(torchvision_network(models.resnet18), 64, full=224),
    "resnet34": vision(torchvision_network(models.resnet34), 64, full=224, images="input:2"),
    # Of five inputs the one whose activations stay farthest from 0 (a millionth of their mean): with
    # the first, PyTorch's own gradients in single precision are 8e-3 off on a processor with AVX2.
    "resnet50": vision(torchvision_network(models.resnet50), 64, full=224, images="input:4"),
    "vgg16": vision(torchvision_network(models.vgg16, init_weights=False), 64, full=224),
    "inception_v3": vision(
        torchvision_network(
            models.inception_v3, aux_logits=False, init_weights=False, transform_input=False),
        139, full=299, images="input:2", auxiliary=False, transformInput=False, epsilon=1e-3),
    "mobilenet_v1": vision(
        MobileNet, 64, epsilon=1e-3, momentum=0.01,
        stride2Padding="0 above and left, 1 below and right"),
    "bert": text(
        transformers.BertForSequenceClassification, transformers.BertConfig, 0, BERT, {},
        layer_norm_eps=1e-12, tokenTypes="all 0"),
    "roberta": text(
        transformers.RobertaForSequenceClassification, transformers.RobertaConfig, 1,
        BERT | dict(type_vocab_size=1, layer_norm_eps=1e-5),
        dict(
            vocab_size=50265, max_position_embeddings=514, type_vocab_size=1, layer_norm_eps=1e-5),
        positions="from 2 on, over tokens that aren't padding"),
    "distilbert": text(
        transformers.DistilBertForSequenceClassification, transformers.DistilBertConfig, 0,
        dict(
            vocab_size=100, dim=32, n_layers=2, n_heads=4, hidden_dim=128,
            max_position_embeddings=32),
        {}, layer_norm_eps=1e-12),
    "gpt2": text(
        transformers.GPT2ForSequenceClassification, transformers.GPT2Config, 0,
        dict(
            vocab_size=100, n_embd=32, n_layer=2, n_head=4, n_positions=32,
            layer_norm_epsilon=1e-5, bos_token_id=0, eos_token_id=0),
        {}, matrices="of the blocks: (in, out)", logits="at the last token that isn't padding"),
}


def inputs(backbone, size=None, vocabulary=100, length=8):
    """The arguments of the network, the labels, and what the golden file says of the former."""
    # Of two samples; every network has more than two classes.
    labels = torch.arange(2)
    if "size" in backbone:
        size = size or backbone["size"]
        shape = (2, backbone["channels"], size, size)
        name = backbone["images"]
        return {"x": torch.tensor(ratios(name, shape))}, labels, {
            "input": {"name": name, "shape": list(shape)}}
    # Five tokens at the beginning mean something of their own, padding among them.
    tokens = 5 + (hashes("input", 2 * length) % np.uint64(vocabulary - 5)).astype(np.int64)
    tokens = torch.tensor(tokens.reshape(2, length))
    mask = torch.ones(2, length, dtype=torch.int64)
    mask[1, -3:] = 0
    tokens[mask == 0] = backbone["padding"]
    return {"input_ids": tokens, "attention_mask": mask}, labels, {
        "tokens": tokens.tolist(), "mask": mask.tolist()}


def step(network, arguments, labels, training):
    """Logits, loss, gradients and the base model's output, from the network as it is."""
    network.train(training)
    network.zero_grad()
    hidden = None
    if "input_ids" in arguments:
        result = network(**arguments, output_hidden_states=True)
        logits = result.logits
    else:
        logits = network(arguments["x"].to(next(network.parameters()).dtype))
    loss = F.cross_entropy(logits, labels)
    loss.backward()
    gradients = {
        name: (torch.zeros_like(tensor) if tensor.grad is None else tensor.grad).clone()
        for name, tensor in network.named_parameters()}
    if "input_ids" in arguments:
        with torch.no_grad():
            hidden = network.base_model(**arguments)[0]
    return logits.detach(), loss.detach(), gradients, hidden


def tidy(value):
    return float(f"{float(value):.12g}")


def probed(name, tensor):
    values = tensor.detach().double().numpy().ravel()
    return {
        "name": name,
        "norm": tidy(np.sqrt(values @ values)),
        "probes": [tidy(values @ ratios(f"probe{index}:{name}", values.shape)) for index in [0, 1]],
    }


def distance(single, double):
    """How far a result in single precision is from the one in double."""
    logits = (single[0].double() - double[0]).abs().max() / double[0].abs().max()
    norms = {name: gradient.norm() for name, gradient in double[2].items()}
    least = 1e-6 * max(norms.values())
    gradients = max(
        (single[2][name].double() - gradient).norm() / norms[name]
        for name, gradient in double[2].items() if norms[name] > least)
    return {"logits": float(f"{logits:.2g}"), "gradients": float(f"{gradients:.2g}")}


def golden(name):
    backbone = BACKBONES[name]
    arguments, labels, stated = inputs(backbone)
    hasStatistics = any(
        isinstance(module, (nn.BatchNorm2d, KerasNorm)) for module in backbone["make"]().modules())
    record = {
        "provenance": {
            "script": "Scripts/golden/networks_backbones.py",
            "date": datetime.date.today().isoformat(),
            "python": platform.python_version(),
            "weights": "by the formula that the script states, in its first lines",
        } | {
            package: importlib.metadata.version(package)
            for package in ["numpy", "torch", "torchvision", "transformers"]},
        "backbone": name,
        "attributes": backbone["attributes"],
        "state": [
            {"name": key, "shape": list(tensor.shape), "first": tidy(tensor.ravel()[0])}
            for key, tensor in filled(backbone, "eval").state_dict().items()],
        "classes": 10 if "size" in backbone else 3,
        "labels": labels.tolist(),
    } | stated
    for mode in ["train", "eval"] if hasStatistics else ["eval"]:
        double = filled(backbone, mode).double()
        result = step(double, arguments, labels, mode == "train")
        distances = []
        for layout in [torch.contiguous_format, torch.channels_last]:
            single = filled(backbone, mode)
            if "size" in backbone:
                single = single.to(memory_format=layout)
            distances.append(distance(step(single, arguments, labels, mode == "train"), result))
        record[mode] = {
            "biasOffset": bias_offset(backbone, mode),
            "logits": [[tidy(value) for value in row] for row in result[0]],
            "loss": tidy(result[1]),
            "gradients": [probed(key, gradient) for key, gradient in result[2].items()],
            "singlePrecision": {
                key: max(each[key] for each in distances) for key in ["logits", "gradients"]},
        }
        if mode == "train":
            record[mode]["statistics"] = [
                probed(key, tensor) for key, tensor in double.named_buffers()
                if tensor.dtype.is_floating_point]
        if result[3] is not None:
            record[mode]["hidden"] = {
                "shape": list(result[3].shape),
                "values": [tidy(value) for value in result[3].ravel()],
            }
        print(name, mode, f"loss {result[1]:.4f}", record[mode]["singlePrecision"], flush=True)
    parts = []
    for key, value in record.items():
        if key in ["state", "train", "eval"]:
            parts.append(f"{json.dumps(key)}: " + lines(value))
        else:
            parts.append(f"{json.dumps(key)}: {json.dumps(value)}")
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / f"{name}.json").write_text("{\n" + ",\n".join(parts) + "\n}\n")


def lines(value):
    """JSON with a line for each tensor."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(json.dumps(item) for item in value) + "\n]"
    if isinstance(value, dict):
        items = [f"{json.dumps(key)}: {lines(item)}" for key, item in value.items()]
        return "{" + ",\n".join(items) + "}"
    return json.dumps(value)


def full(name, folder):
    from safetensors.torch import save_file

    backbone = BACKBONES[name]
    isText = "size" not in backbone
    if not isText and backbone["full"] is None:
        return print(f"{name}: its golden file is at full size already")
    torch.manual_seed(0)
    network = without_dropout(backbone["make"](True))
    state = {key: tensor.clone().contiguous() for key, tensor in network.state_dict().items()}
    save_file(state, folder / f"{name}.safetensors", metadata={"format": "pt"})
    if isText:
        arguments, labels, _ = inputs(backbone, None, network.config.vocab_size, 16)
        given = {"tokens": arguments["input_ids"], "mask": arguments["attention_mask"]}
    else:
        arguments, labels, _ = inputs(backbone, backbone["full"])
        given = {"input": arguments["x"].float()}
    save_file(given | {"labels": labels}, folder / f"{name}.inputs.safetensors")
    outputs = {}
    hasStatistics = any(isinstance(module, nn.BatchNorm2d) for module in network.modules())
    single, network = network, copy.deepcopy(network).double()
    for mode in ["eval", "train"] if hasStatistics else ["eval"]:
        result = step(network, arguments, labels, mode == "train")
        apart = distance(step(single, arguments, labels, mode == "train"), result)
        logits, loss, gradients, hidden = result
        outputs[f"{mode}:logits"], outputs[f"{mode}:loss"] = logits.float(), loss.float()
        if hidden is not None:
            outputs[f"{mode}:hidden"] = hidden.float()
        for key, gradient in gradients.items():
            outputs[f"{mode}:gradient:{key}"] = gradient.float().contiguous()
        print(name, mode, f"loss {loss:.6f}, in single precision", apart, flush=True)
    save_file(outputs, folder / f"{name}.outputs.safetensors")


def main():
    parser = argparse.ArgumentParser(description="Golden values of the backbones.")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--full", type=pathlib.Path, metavar="DIR")
    options = parser.parse_args()
    torch.set_num_threads(1)
    for name in options.names or BACKBONES:
        if options.full:
            options.full.mkdir(parents=True, exist_ok=True)
            full(name, options.full)
        else:
            golden(name)


if __name__ == "__main__":
    main()
