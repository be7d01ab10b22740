"""Golden values of the networks' operations, losses, optimisers and schedules, from PyTorch.

    python -m venv venv
    venv/bin/pip install numpy torch
    venv/bin/python Scripts/golden/networks_operations.py

Writes Tests/NetworksTests/Golden/operations.json. Everything is computed in double precision from
inputs that single precision holds exactly, and stated to 9 digits. Images lie as PyTorch has them
(samples, channels, rows, columns), kernels too (channels out, channels in by group, rows, columns),
and matrices of weights (out, in).

Each case: the operation, its attributes, its inputs by name, the output, the gradient that flows
into the output (`upstream`), and the gradients of the inputs that have one. `state` is what a layer
keeps after the step. Labels and tokens are inputs without a gradient.
"""

import datetime
import json
import math
import pathlib
import platform
import sys
import zlib

# The scripts beside this one bear names of Python's own modules, which PyTorch imports.
HERE = pathlib.Path(__file__).resolve().parent
sys.path = [place for place in sys.path if pathlib.Path(place).resolve() != HERE]

import numpy as np
import torch
import torch.nn.functional as F

ROOT = pathlib.Path(__file__).resolve().parents[2]
CASES = []


class Inputs:
    """Draws by the name of the case, so that a new case changes no other."""

    def __init__(self, name):
        self.random = np.random.default_rng(zlib.crc32(name.encode()))

    def normal(self, *shape, scale=1.0):
        """Multiples of 1/1024, none of them 0."""
        values = np.round(self.random.normal(size=shape) * scale * 1024)
        return np.where(values == 0, 1, values) / 1024

    def distinct(self, *shape):
        """Numbers of which no two are alike, so that a largest one is one."""
        count = math.prod(shape)
        values = self.random.permutation(count) - count // 2
        return (values.reshape(shape) + 0.5) / 16

    def positive(self, *shape):
        return np.round((0.5 + self.random.random(size=shape)) * 1024) / 1024

    def integers(self, limit, *shape):
        return self.random.integers(0, limit, size=shape)

    def probabilities(self, rows, columns):
        """Rows that sum to 1 exactly, in 64ths."""
        counts = self.random.multinomial(64, np.ones(columns) / columns, size=rows)
        return counts / 64


def tidy(value):
    number = float(f"{float(value):.9g}")
    return int(number) if number == int(number) and abs(number) < 1e15 else number


def stated(array, exact=False):
    array = np.asarray(array.detach() if isinstance(array, torch.Tensor) else array)
    if exact:
        values = [float(value) for value in array.ravel()]
        assert all(np.float32(value) == value for value in values), "inputs are floats"
        values = [int(value) if value == int(value) else value for value in values]
    else:
        values = [tidy(value) for value in array.ravel()]
    return {"shape": list(array.shape), "values": values}


def case(name, operation, function, inputs, attributes=None, fixed=(), state=None):
    """Records `function(**inputs)`; `fixed` names the inputs that have no gradient."""
    tensors = {}
    for key, value in inputs.items():
        is_integer = np.asarray(value).dtype.kind == "i"
        tensors[key] = torch.tensor(value, dtype=torch.int64 if is_integer else torch.float64)
        if not is_integer and key not in fixed:
            tensors[key].requires_grad_(True)
    output = function(**tensors)
    upstream = torch.tensor(Inputs(name + " upstream").normal(*output.shape))
    names = [key for key, tensor in tensors.items() if tensor.requires_grad]
    gradients = torch.autograd.grad(output, [tensors[key] for key in names], upstream)
    record = {
        "name": name,
        "operation": operation,
        "attributes": attributes or {},
        "inputs": {key: stated(np.asarray(value), exact=True) for key, value in inputs.items()},
        "output": stated(output),
        "upstream": stated(upstream, exact=True),
        "gradients": {key: stated(value) for key, value in zip(names, gradients)},
    }
    if state is not None:
        record["state"] = {key: stated(tensors[key]) for key in state}
    CASES.append(record)


def dense():
    for name, shape in [("dense", (3, 5)), ("dense, sequences", (2, 3, 5))]:
        draw = Inputs(name)
        inputs = {
            "input": draw.normal(*shape),
            "weight": draw.normal(4, 5),
            "bias": draw.normal(4),
        }
        case(name, "dense", lambda input, weight, bias: F.linear(input, weight, bias), inputs)
    del inputs["bias"]
    case("dense, no bias", "dense", lambda input, weight: F.linear(input, weight), inputs)


def convolutions():
    def one(name, image, out, kernel, bias=True, stride=1, padding=0, dilation=1, groups=1):
        pair = lambda value: list(value) if isinstance(value, tuple) else [value, value]
        draw = Inputs(name)
        kernel = pair(kernel)
        inputs = {
            "input": draw.normal(*image),
            "weight": draw.normal(out, image[1] // groups, *kernel, scale=0.5),
        }
        if bias:
            inputs["bias"] = draw.normal(out)
        attributes = {
            "stride": pair(stride), "padding": pair(padding), "dilation": pair(dilation),
            "groups": groups,
        }
        case(
            name, "conv2d",
            lambda input, weight, bias=None: F.conv2d(
                input, weight, bias, tuple(pair(stride)), tuple(pair(padding)),
                tuple(pair(dilation)), groups),
            inputs, attributes)

    one("conv2d 3x3", (2, 3, 5, 6), 4, 3)
    one("conv2d 3x3, padding 1, no bias", (2, 3, 5, 6), 4, 3, bias=False, padding=1)
    one("conv2d 3x3, stride 2, padding 1", (2, 3, 7, 6), 4, 3, stride=2, padding=1)
    one("conv2d 3x3, stride 2, even image", (1, 3, 6, 6), 2, 3, stride=2, padding=1, bias=False)
    one("conv2d 3x3, dilation 2", (1, 2, 7, 8), 3, 3, padding=2, dilation=2)
    one("conv2d 3x3, groups 2", (2, 4, 4, 5), 6, 3, padding=1, groups=2)
    one("conv2d 3x3, depthwise", (2, 5, 5, 4), 5, 3, padding=1, groups=5, bias=False)
    one("conv2d 3x3, depthwise, stride 2", (1, 3, 6, 7), 3, 3, stride=2, padding=1, groups=3)
    one("conv2d 1x1", (2, 6, 3, 4), 5, 1)
    one("conv2d 1x1, stride 2", (2, 4, 5, 5), 3, 1, stride=2, bias=False)
    one("conv2d 5x5, one channel", (2, 1, 8, 8), 3, 5)
    one("conv2d 3x3, 20 to 50 channels", (1, 20, 4, 4), 50, 3)
    one("conv2d 7x7, stride 2, padding 3", (1, 3, 9, 9), 2, 7, stride=2, padding=3, bias=False)
    one("conv2d 1x7, padding 0 and 3", (1, 3, 5, 8), 4, (1, 7), padding=(0, 3), bias=False)
    one("conv2d 7x1, padding 3 and 0", (1, 3, 8, 5), 4, (7, 1), padding=(3, 0), bias=False)
    one("conv2d 3x2, strides 2 and 1, paddings 1 and 0", (1, 2, 7, 5), 3, (3, 2), stride=(2, 1),
        padding=(1, 0))


def normalizations():
    for name, shape, epsilon in [
        ("batchNorm, images", (4, 3, 3, 2), 1e-5),
        ("batchNorm, rows", (6, 4), 1e-5),
        ("batchNorm, epsilon 0.001", (2, 2, 3, 3), 1e-3),
    ]:
        for training in [True, False]:
            label = name + (", train" if training else ", eval")
            draw = Inputs(label)
            channels = shape[1]
            inputs = {
                "input": draw.normal(*shape) * 2 + 0.5,
                "weight": draw.positive(channels),
                "bias": draw.normal(channels),
                "runningMean": draw.normal(channels, scale=0.3),
                "runningVariance": draw.positive(channels),
            }
            case(
                label, "batchNorm",
                lambda input, weight, bias, runningMean, runningVariance: F.batch_norm(
                    input, runningMean, runningVariance, weight, bias, training, 0.1, epsilon),
                inputs, {"training": training, "momentum": 0.1, "epsilon": epsilon},
                fixed=("runningMean", "runningVariance"),
                state=("runningMean", "runningVariance"))
    for epsilon in [1e-5, 1e-12]:
        name = f"layerNorm, epsilon {epsilon:g}"
        draw = Inputs(name)
        inputs = {
            "input": draw.normal(2, 3, 8), "weight": draw.positive(8), "bias": draw.normal(8)}
        case(
            name, "layerNorm",
            lambda input, weight, bias: F.layer_norm(input, (8,), weight, bias, epsilon), inputs,
            {"epsilon": epsilon})
    for groups in [1, 2, 4]:
        name = f"groupNorm, {groups} groups"
        draw = Inputs(name)
        inputs = {
            "input": draw.normal(2, 4, 3, 2), "weight": draw.positive(4), "bias": draw.normal(4)}
        case(
            name, "groupNorm",
            lambda input, weight, bias: F.group_norm(input, groups, weight, bias, 1e-5), inputs,
            {"groups": groups, "epsilon": 1e-5})


def activations():
    for name, function in [
        ("relu", F.relu), ("relu6", F.relu6), ("gelu", F.gelu),
        ("geluTanh", lambda input: F.gelu(input, approximate="tanh")), ("tanh", torch.tanh),
        ("sigmoid", torch.sigmoid),
    ]:
        # Up to some 9 in magnitude: beyond relu6's end, and where the tails are.
        case(name, name, function, {"input": Inputs(name).normal(4, 9, scale=3.0)})
    for name, function in [("softmax", torch.softmax), ("logSoftmax", torch.log_softmax)]:
        case(name, name, lambda input: function(input, -1), {"input": Inputs(name).normal(4, 5)})
        large = Inputs(name + ", large").normal(3, 4, scale=40.0)
        case(name + ", large", name, lambda input: function(input, -1), {"input": large})


def pooling():
    def maximum(name, image, kernel, stride, padding, ceil=False):
        case(
            name, "maxPool", lambda input: F.max_pool2d(input, kernel, stride, padding, 1, ceil),
            {"input": Inputs(name).distinct(*image)},
            {"kernel": [kernel, kernel], "stride": [stride, stride], "padding": [padding, padding],
             "ceilMode": ceil})

    def average(name, image, kernel, stride, padding, include=True, ceil=False):
        case(
            name, "averagePool",
            lambda input: F.avg_pool2d(input, kernel, stride, padding, ceil, include),
            {"input": Inputs(name).normal(*image)},
            {"kernel": [kernel, kernel], "stride": [stride, stride], "padding": [padding, padding],
             "countsPadding": include, "ceilMode": ceil})

    maximum("maxPool 2, stride 2", (2, 3, 4, 6), 2, 2, 0)
    maximum("maxPool 2, stride 2, odd image", (1, 2, 5, 7), 2, 2, 0)
    maximum("maxPool 3, stride 2, padding 1", (2, 3, 7, 6), 3, 2, 1)
    maximum("maxPool 3, stride 2", (1, 2, 7, 7), 3, 2, 0)
    maximum("maxPool 2, stride 2, ceil", (1, 2, 5, 7), 2, 2, 0, ceil=True)
    average("averagePool 2, stride 2", (2, 3, 4, 6), 2, 2, 0)
    average("averagePool 3, stride 1, padding 1", (1, 2, 5, 4), 3, 1, 1)
    average("averagePool 3, stride 1, padding 1, not counted", (1, 2, 5, 4), 3, 1, 1, include=False)
    average("averagePool 3, stride 2, padding 1, ceil", (1, 2, 6, 5), 3, 2, 1, ceil=True)
    average("averagePool 3, stride 2, padding 1, ceil, not counted", (1, 2, 6, 5), 3, 2, 1,
            include=False, ceil=True)
    average("averagePool 2, stride 2, ceil", (1, 2, 5, 5), 2, 2, 0, ceil=True)
    for image, size in [
        ((2, 3, 4, 5), 1), ((1, 2, 9, 10), 7), ((1, 2, 2, 3), 7), ((1, 2, 7, 7), 7)
    ]:
        name = f"adaptiveAveragePool {image[2]}x{image[3]} to {size}"
        case(
            name, "adaptiveAveragePool", lambda input: F.adaptive_avg_pool2d(input, size),
            {"input": Inputs(name).normal(*image)}, {"size": [size, size]})


def attention():
    draw = Inputs("embedding")
    inputs = {"tokens": np.array([[3, 0, 3, 6], [1, 0, 5, 3]]), "weight": draw.normal(7, 3)}
    case("embedding", "embedding", lambda tokens, weight: F.embedding(tokens, weight), inputs)
    case(
        "embedding, padding 0", "embedding",
        lambda tokens, weight: F.embedding(tokens, weight, padding_idx=0), inputs,
        {"paddingIndex": 0})

    batch, length, width, heads = 2, 4, 6, 2
    size = width // heads

    def split(tensor):
        return tensor.reshape(batch, -1, heads, size).transpose(1, 2)

    def allowed(keyMask, causal):
        mask = torch.ones(batch, 1, length, length, dtype=torch.bool)
        if causal:
            mask = mask & torch.ones(length, length, dtype=torch.bool).tril()
        return mask if keyMask is None else mask & (keyMask[:, None, None, :] != 0)

    def scaled(query, key, value, keyMask=None, causal=False):
        return F.scaled_dot_product_attention(query, key, value, allowed(keyMask, causal))

    padding = np.array([[1, 1, 1, 0], [1, 1, 0, 0]])
    for label, causal, masked in [
        ("", False, False), (", padding", False, True), (", causal", True, False),
        (", causal, padding", True, True),
    ]:
        attributes = {"heads": heads, "causal": causal, "keyMask": masked}
        mask = {"keyMask": padding} if masked else {}
        name = "dotProductAttention" + label
        draw = Inputs(name)
        inputs = {key: draw.normal(batch, heads, length, size) for key in ["query", "key", "value"]}
        case(
            name, "dotProductAttention",
            lambda query, key, value, keyMask=None: scaled(query, key, value, keyMask, causal),
            inputs | mask,
            attributes | {"scale": "1/sqrt(size)", "layout": "batch, heads, length, size"})

        name = "attention, packed" + label
        draw = Inputs(name)
        inputs = {
            "input": draw.normal(batch, length, width),
            "inWeight": draw.normal(3 * width, width, scale=0.5),
            "inBias": draw.normal(3 * width, scale=0.5),
            "outWeight": draw.normal(width, width, scale=0.5),
            "outBias": draw.normal(width, scale=0.5),
        }

        def packed(input, inWeight, inBias, outWeight, outBias, keyMask=None):
            turned = input.transpose(0, 1)
            ignored = None if keyMask is None else keyMask == 0
            future = torch.ones(length, length, dtype=torch.bool).triu(1) if causal else None
            output, _ = F.multi_head_attention_forward(
                turned, turned, turned, width, heads, inWeight, inBias, None, None, False, 0.0,
                outWeight, outBias, training=False, key_padding_mask=ignored, need_weights=False,
                attn_mask=future)
            return output.transpose(0, 1)

        case(name, "attention", packed, inputs | mask, attributes | {"packed": True})

        name = "attention, separate" + label
        draw = Inputs(name)
        inputs = {"input": draw.normal(batch, length, width)}
        for part in ["query", "key", "value", "out"]:
            inputs[part + "Weight"] = draw.normal(width, width, scale=0.5)
            inputs[part + "Bias"] = draw.normal(width, scale=0.5)

        def separate(input, queryWeight, queryBias, keyWeight, keyBias, valueWeight, valueBias,
                     outWeight, outBias, keyMask=None):
            mixed = scaled(
                split(F.linear(input, queryWeight, queryBias)),
                split(F.linear(input, keyWeight, keyBias)),
                split(F.linear(input, valueWeight, valueBias)), keyMask, causal)
            return F.linear(mixed.transpose(1, 2).reshape(batch, -1, width), outWeight, outBias)

        case(name, "attention", separate, inputs | mask, attributes | {"packed": False})


class Reversal(torch.autograd.Function):
    @staticmethod
    def forward(context, input, strength):
        context.strength = strength
        return input.clone()

    @staticmethod
    def backward(context, gradient):
        return -context.strength * gradient, None


def joints():
    draw = Inputs("concatenation")
    images = [draw.normal(2, channels, 2, 3) for channels in [1, 3, 2]]
    rows = [draw.normal(count, 3) for count in [2, 4]]
    for name, parts, axis in [
        ("concatenation, channels", images, 1),
        ("concatenation, samples", rows, 0),
        ("concatenation, columns", [rows[0], rows[1][:2, :2]], 1),
    ]:
        case(
            name, "concatenation", lambda axis=axis, **parts: torch.cat(list(parts.values()), axis),
            {f"input{index}": part for index, part in enumerate(parts)}, {"axis": axis})
    draw = Inputs("sum")
    case(
        "sum", "sum", lambda first, second: first + second,
        {"first": draw.normal(2, 3, 2, 2), "second": draw.normal(2, 3, 2, 2)})
    case(
        "gradientReversal", "gradientReversal", lambda input: Reversal.apply(input, 0.625),
        {"input": Inputs("reversal").normal(3, 4)}, {"strength": 0.625})


def losses():
    draw = Inputs("crossEntropy")
    rows, classes = 5, 4
    logits = {"logits": draw.normal(rows, classes)}
    labels = {"labels": np.array([0, 3, 1, 1, 2])}
    weights = {"classWeights": np.array([1, 0.25, 2, 0.5])}
    soft = {"targets": draw.probabilities(rows, classes)}
    for label, target, smoothing in [
        ("", labels, 0), (", smoothing", labels, 0.1), (", weights", labels | weights, 0),
        (", weights, smoothing", labels | weights, 0.1), (", soft targets", soft, 0),
        (", soft targets, weights", soft | weights, 0),
        (", soft targets, smoothing", soft, 0.1),
    ]:
        case(
            "crossEntropy" + label, "crossEntropy",
            lambda logits, labels=None, targets=None, classWeights=None: F.cross_entropy(
                logits, labels if targets is None else targets, classWeights,
                label_smoothing=smoothing),
            logits | target,
            {"smoothing": smoothing,
             "mean": "labels: over the sum of the labels' weights; soft targets: over the rows"},
            fixed=("targets", "classWeights"))
    draw = Inputs("meanSquaredError")
    case(
        "meanSquaredError", "meanSquaredError", lambda input, target: F.mse_loss(input, target),
        {"input": draw.normal(3, 4), "target": draw.normal(3, 4)}, {"mean": "over all elements"})
    draw = Inputs("klDivergence")
    case(
        "klDivergence", "klDivergence",
        lambda logits, targets: F.kl_div(
            torch.log_softmax(logits, -1), targets, reduction="batchmean"),
        {"logits": draw.normal(4, 3), "targets": draw.probabilities(4, 3)},
        {"definition": "mean over rows of sum_j t_j (ln t_j - ln softmax(logits)_j), 0 ln 0 = 0"},
        fixed=("targets",))
    case(
        "klDivergence, both logits", "klDivergenceOfLogits",
        lambda first, second: F.kl_div(
            torch.log_softmax(second, -1), torch.log_softmax(first, -1), reduction="batchmean",
            log_target=True),
        {"first": draw.normal(4, 3), "second": draw.normal(4, 3)},
        {"definition": "mean over rows of sum_j p_j (ln p_j - ln q_j), p = softmax(first), "
                       "q = softmax(second)"})
    case(
        "entropy", "entropy",
        lambda logits: -(torch.softmax(logits, -1) * torch.log_softmax(logits, -1)).sum(-1).mean(),
        {"logits": Inputs("entropy").normal(5, 4, scale=2.0)},
        {"definition": "mean over rows of -sum_j p_j ln p_j, p = softmax(logits)"})

    variances = [0.5, 1, 2, 8]

    def kernel(first, second):
        distances = ((first[:, None, :] - second[None, :, :]) ** 2).sum(-1)
        return sum(torch.exp(-distances / (2 * variance)) for variance in variances)

    draw = Inputs("maximumMeanDiscrepancy")
    pair = {"source": draw.normal(5, 3), "target": draw.normal(4, 3) + 0.5}
    case(
        "maximumMeanDiscrepancy", "maximumMeanDiscrepancy",
        lambda source, target: kernel(source, source).mean() + kernel(target, target).mean()
        - 2 * kernel(source, target).mean(),
        pair,
        {"variances": variances,
         "definition": "mean k(s,s') + mean k(t,t') - 2 mean k(s,t) over all pairs, also of a "
                       "sample with itself; k = sum over variances v of exp(-|x-y|^2 / (2 v))"})

    def covariance(features):
        centred = features - features.mean(0)
        return centred.T @ centred / (len(features) - 1)

    case(
        "correlationAlignment", "correlationAlignment",
        lambda source, target: ((covariance(source) - covariance(target)) ** 2).sum()
        / (4 * source.shape[1] ** 2),
        pair,
        {"definition": "|C_S - C_T|_F^2 / (4 d^2), covariances over n - 1"})


def episodes():
    """What methods of few-shot learning compare queries with a support set by."""
    def one(name, function, inputs, attributes=None):
        case(name, name, function, inputs, attributes)

    draw = Inputs("rowNormalization")
    one("rowNormalization", lambda input: F.normalize(input, dim=-1), {"input": draw.normal(4, 5)})
    draw = Inputs("cosines")
    one(
        "cosines",
        lambda input, weight: F.cosine_similarity(input[:, None], weight[None], dim=-1),
        {"input": draw.normal(4, 5), "weight": draw.normal(3, 5)})
    draw = Inputs("products")
    one(
        "products", lambda first, second: first @ second.T,
        {"first": draw.normal(4, 5), "second": draw.normal(3, 5)})
    draw = Inputs("squaredDistances")
    one(
        "squaredDistances",
        lambda first, second: ((first[:, None] - second[None]) ** 2).sum(-1),
        {"first": draw.normal(4, 5), "second": draw.normal(3, 5)})
    groups = [1, 0, 2, 1, 1, 0]
    one(
        "groupMeans",
        lambda input: torch.stack(
            [input[torch.tensor(groups) == group].mean(0) for group in range(3)]),
        {"input": Inputs("groupMeans").normal(6, 4)}, {"assignment": groups})
    one(
        "logSumExp", lambda input: torch.logsumexp(input, -1),
        {"input": Inputs("logSumExp").normal(3, 2, 5, scale=4.0)})


def optimizers():
    """Parameters after each of five steps with the same five gradients."""
    draw = Inputs("optimizers")
    start = {"weight": draw.normal(2, 3), "bias": draw.normal(3)}
    gradients = [
        {"weight": draw.normal(2, 3), "bias": draw.normal(3)} for _ in range(5)]
    runs = []

    def run(name, optimizer, kind, attributes, rates=None):
        tensors = {
            key: torch.nn.Parameter(torch.tensor(value)) for key, value in start.items()}
        groups = [
            {"params": [tensor]} | ({"lr": rates[key]} if rates else {})
            for key, tensor in tensors.items()]
        stepper = kind(groups)
        steps = []
        for gradient in gradients:
            for key, tensor in tensors.items():
                tensor.grad = torch.tensor(gradient[key])
            stepper.step()
            steps.append({key: stated(tensor) for key, tensor in tensors.items()})
        record = {"name": name, "optimizer": optimizer, "attributes": attributes, "steps": steps}
        if rates:
            record["rates"] = rates
        runs.append(record)

    def sgd(name, rates=None, rate=0.1, momentum=0.0, nesterov=False, decay=0.0):
        run(
            name, "sgd",
            lambda groups: torch.optim.SGD(
                groups, rate, momentum=momentum, nesterov=nesterov, weight_decay=decay),
            {"rate": rate, "momentum": momentum, "nesterov": nesterov, "weightDecay": decay}, rates)

    def adam(name, optimizer, kind, rate=0.01, betas=(0.9, 0.999), epsilon=1e-8, decay=0.0):
        run(
            name, optimizer,
            lambda groups: kind(groups, rate, betas=betas, eps=epsilon, weight_decay=decay),
            {"rate": rate, "beta1": betas[0], "beta2": betas[1], "epsilon": epsilon,
             "weightDecay": decay})

    sgd("sgd")
    sgd("sgd, weight decay", decay=0.05)
    sgd("sgd, momentum", momentum=0.9)
    sgd("sgd, momentum, weight decay", momentum=0.9, decay=0.05)
    sgd("sgd, Nesterov", momentum=0.9, nesterov=True)
    sgd("sgd, Nesterov, weight decay", momentum=0.9, nesterov=True, decay=0.05)
    sgd("sgd, momentum, two rates", {"weight": 0.1, "bias": 0.01}, momentum=0.9)
    adam("adam", "adam", torch.optim.Adam)
    adam("adam, weight decay", "adam", torch.optim.Adam, decay=0.05)
    adam("adam, betas", "adam", torch.optim.Adam, betas=(0.5, 0.99), epsilon=1e-6)
    adam("adamW", "adamW", torch.optim.AdamW, decay=0.05)
    adam("adamW, betas", "adamW", torch.optim.AdamW, betas=(0.8, 0.98), epsilon=1e-6, decay=0.1)
    return {
        "start": {key: stated(value, exact=True) for key, value in start.items()},
        "gradients": [
            {key: stated(value, exact=True) for key, value in step.items()} for step in gradients],
        "runs": runs,
    }


def schedules():
    """The rate in use at each step from 0 on."""
    def of_torch(make, steps, rate=0.1):
        stepper = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], rate)
        schedule = make(stepper)
        rates = []
        for _ in range(steps):
            rates.append(tidy(stepper.param_groups[0]["lr"]))
            stepper.step()
            schedule.step()
        return rates

    rates = torch.optim.lr_scheduler
    warm, total = 4, 12

    def linear(step):
        return step / warm if step < warm else max(0.0, (total - step) / (total - warm))

    def warm_cosine(step):
        if step < warm:
            return step / warm
        return 0.5 * (1 + math.cos(math.pi * (step - warm) / (total - warm)))

    def triangular(step, share=0.25, ratio=32):
        cut = math.floor(total * share)
        part = step / cut if step < cut else 1 - (step - cut) / (cut * (1 / share - 1))
        return (1 + part * (ratio - 1)) / ratio

    progress = [step / total for step in range(total + 1)]
    return [
        {"name": "step", "attributes": {"rate": 0.1, "every": 3, "factor": 0.1},
         "values": of_torch(lambda stepper: rates.StepLR(stepper, 3, 0.1), 10)},
        {"name": "cosine", "attributes": {"rate": 0.1, "steps": 10, "least": 0.001},
         "values": of_torch(lambda stepper: rates.CosineAnnealingLR(stepper, 10, 0.001), 11)},
        {"name": "linear warm-up",
         "attributes": {"rate": 0.1, "warmUp": warm, "steps": total,
                        "source": "transformers.get_linear_schedule_with_warmup"},
         "values": of_torch(lambda stepper: rates.LambdaLR(stepper, linear), total + 1)},
        {"name": "cosine warm-up",
         "attributes": {"rate": 0.1, "warmUp": warm, "steps": total,
                        "source": "transformers.get_cosine_schedule_with_warmup"},
         "values": of_torch(lambda stepper: rates.LambdaLR(stepper, warm_cosine), total + 1)},
        {"name": "slanted triangular",
         "attributes": {"rate": 0.1, "steps": total, "cut": 0.25, "ratio": 32,
                        "source": "Howard and Ruder 2018, equation 3"},
         "values": [tidy(0.1 * triangular(step)) for step in range(total + 1)]},
        {"name": "annealing",
         "attributes": {"rate": 0.01, "alpha": 10, "beta": 0.75, "steps": total,
                        "definition": "rate / (1 + alpha p)^beta, p = step / steps",
                        "source": "Ganin et al. 2016, section 5.2.2"},
         "values": [tidy(0.01 / (1 + 10 * p) ** 0.75) for p in progress]},
        {"name": "adaptation strength",
         "attributes": {"rate": 1, "gamma": 10, "steps": total,
                        "definition": "2 / (1 + exp(-gamma p)) - 1, p = step / steps",
                        "source": "Ganin et al. 2016, section 5.2.2"},
         "values": [tidy(2 / (1 + math.exp(-10 * p)) - 1) for p in progress]},
    ]


def clipping():
    records = []
    for name, scale, limit in [("above", 2.0, 1.0), ("below", 0.1, 1.0)]:
        draw = Inputs("clipping " + name)
        before = {"weight": draw.normal(2, 3, scale=scale), "bias": draw.normal(3, scale=scale)}
        tensors = {}
        for key, value in before.items():
            tensors[key] = torch.nn.Parameter(torch.zeros(value.shape, dtype=torch.float64))
            tensors[key].grad = torch.tensor(value)
        norm = torch.nn.utils.clip_grad_norm_(list(tensors.values()), limit)
        records.append({
            "name": name,
            "limit": limit,
            "definition": "times limit / (norm + 1e-6) where that is below 1",
            "norm": tidy(norm),
            "before": {key: stated(value, exact=True) for key, value in before.items()},
            "after": {key: stated(tensor.grad) for key, tensor in tensors.items()},
        })
    return records


def main():
    torch.set_num_threads(1)
    for group in [
        dense, convolutions, normalizations, activations, pooling, attention, joints, losses,
        episodes,
    ]:
        group()
    parts = {
        "provenance": {
            "script": "Scripts/golden/networks_operations.py",
            "date": datetime.date.today().isoformat(),
            "python": platform.python_version(),
            "numpy": np.__version__,
            "torch": torch.__version__,
        },
        "cases": CASES,
        "optimizers": optimizers(),
        "schedules": schedules(),
        "clipping": clipping(),
    }
    path = ROOT / "Tests/NetworksTests/Golden/operations.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    # A line for each case, so that a difference shows which one it is in.
    lines = ",\n".join(json.dumps(case) for case in parts.pop("cases"))
    rest = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in parts.items())
    path.write_text("{" + rest + ',\n"cases": [\n' + lines + "\n]}\n")


if __name__ == "__main__":
    main()
