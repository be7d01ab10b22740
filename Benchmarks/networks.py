#!/usr/bin/env python3
"""Steps of networks beside PyTorch: the same weights, the same batch, the same threads.

Needs `NetworkTiming` built in release (swift build -c release --product NetworkTiming), and Python with
torch, torchvision, transformers and safetensors. For each network and number of threads both programs
run in turn, in processes of their own, --rounds times; the step is the median of each run, and the
figure the least of these medians. PyTorch runs in both of its layouts, and the faster one counts. The
first loss (or the sum of the outputs) of both must agree. Prints a table and writes a CSV: milliseconds
and ratio, steps a second, GFLOP/s (multiplications and additions as PyTorch counts them) and their share
of oneDNN's sgemm of 1024 x 1024 on one core, bytes planned, and most memory of both processes.

  Benchmarks/networks.py --out Benchmarks/networks.csv
  Benchmarks/networks.py --networks lenet-64,dann-64 --threads 1
"""
import argparse
import csv
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

# Name: network, batch, steps of a run.
NETWORKS = {
    "mlp-64": ("mlp", 64, 400), "mlp-128": ("mlp", 128, 300),
    "lenet-64": ("lenet", 64, 100), "lenet-128": ("lenet", 128, 60),
    "dann-64": ("dann", 64, 50), "resnet20-128": ("resnet20", 128, 10),
    "resnet50-1": ("resnet50", 1, 10), "bert-1": ("bert", 1, 8),
}
INFERENCE = ("resnet50", "bert")


def model(name):
    import torch
    from torch import nn
    from torch.nn import functional as F

    class LeNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1, self.conv2 = nn.Conv2d(1, 20, 5), nn.Conv2d(20, 50, 5)
            self.fc1, self.fc2 = nn.Linear(800, 500), nn.Linear(500, 10)

        def features(self, x):
            x = F.relu(F.max_pool2d(self.conv1(x), 2))
            x = F.relu(F.max_pool2d(self.conv2(x), 2))
            return F.relu(self.fc1(x.flatten(1)))

        def forward(self, x):
            return self.fc2(self.features(x))

    class Perceptron(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc1, self.fc2, self.fc3 = nn.Linear(784, 256), nn.Linear(256, 256), nn.Linear(256, 10)

        def forward(self, x):
            return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x)))))

    class Reversal(torch.autograd.Function):
        @staticmethod
        def forward(context, x):
            return x.view_as(x)

        @staticmethod
        def backward(context, slopes):
            return -0.5 * slopes

    class Adversarial(LeNet):
        def __init__(self):
            super().__init__()
            self.hidden0, self.hidden1, self.output = nn.Linear(500, 256), nn.Linear(256, 256), nn.Linear(256, 2)

        def losses(self, x, labels):
            features = self.features(x)
            domains = self.output(F.relu(self.hidden1(F.relu(self.hidden0(Reversal.apply(features))))))
            count = len(labels)
            sides = torch.arange(2 * count) // count
            return F.cross_entropy(self.fc2(features[:count]), labels) + F.cross_entropy(domains, sides)

    class Block(nn.Module):
        def __init__(self, inputs, outputs, stride):
            super().__init__()
            self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(outputs)
            self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(outputs)
            self.added, self.stride = outputs - inputs, stride

        def forward(self, x):
            short = x
            if self.added:
                half = self.added // 2
                short = F.pad(x[:, :, ::self.stride, ::self.stride], (0, 0, 0, 0, half, half))
            return F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))) + short)

    class SmallResNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1, self.bn1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16)
            stages, inputs = [], 16
            for outputs, stride in ((16, 1), (32, 2), (64, 2)):
                blocks = [Block(inputs, outputs, stride)] + [Block(outputs, outputs, 1) for _ in range(2)]
                stages.append(nn.Sequential(*blocks))
                inputs = outputs
            self.layer1, self.layer2, self.layer3 = stages
            self.linear = nn.Linear(64, 10)

        def forward(self, x):
            x = self.layer3(self.layer2(self.layer1(F.relu(self.bn1(self.conv1(x))))))
            return self.linear(x.mean((2, 3)))

    torch.manual_seed(0)
    if name in INFERENCE:
        # A torchvision whose operators were built for another torch.
        for operator in ("nms", "qnms"):
            try:
                torch.library.define(f"torchvision::{operator}", "(Tensor a) -> Tensor")
            except RuntimeError:
                pass
        import torchvision
        import transformers
        if name == "bert":
            return transformers.BertModel(transformers.BertConfig())
        return torchvision.models.resnet50()
    return {"mlp": Perceptron, "lenet": LeNet, "dann": Adversarial, "resnet20": SmallResNet}[name]()


def batch_of(name, count):
    import torch
    torch.manual_seed(1)
    if name == "bert":
        return torch.randint(1000, 30000, (count, 128))
    shape = {"mlp": (count, 784), "lenet": (count, 1, 28, 28), "dann": (2 * count, 1, 28, 28),
             "resnet20": (count, 3, 32, 32), "resnet50": (count, 3, 224, 224)}[name]
    return torch.randn(shape)


def prepared(name, count, layout):
    import torch
    from torch.nn import functional as F
    network, inputs = model(name), batch_of(name, count)
    network.eval() if name in INFERENCE else network.train()
    if layout == "channels_last" and inputs.dim() == 4:
        network = network.to(memory_format=torch.channels_last)
        inputs = inputs.to(memory_format=torch.channels_last)
    labels = torch.arange(count) % 10
    if name in INFERENCE:
        def step():
            with torch.inference_mode():
                output = network(inputs)
                return (output.pooler_output if name == "bert" else output).double().sum().item()
        return network, inputs, step
    optimizer = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9)

    def step():
        optimizer.zero_grad()
        loss = network.losses(inputs, labels) if name == "dann" else F.cross_entropy(network(inputs), labels)
        loss.backward()
        optimizer.step()
        return loss.item()
    return network, inputs, step


def write(name, count, path):
    """The weights and the batch, in the shapes of `Networks`."""
    import safetensors.torch
    network, inputs, _ = prepared(name, count, "contiguous")
    arrays = {k: v.float().contiguous() for k, v in network.state_dict().items() if v.is_floating_point()}
    if name == "bert":
        arrays = {"bert." + k: v for k, v in arrays.items()}
    if inputs.dim() == 4:
        inputs = inputs.permute(0, 2, 3, 1)
    arrays["input"] = inputs.float().contiguous()
    safetensors.torch.save_file(arrays, path)


def operations(name, count):
    from torch.utils.flop_counter import FlopCounterMode
    _, _, step = prepared(name, count, "contiguous")
    with FlopCounterMode(display=False) as counter:
        step()
    return counter.get_total_flops()


def peer(name, count, threads, steps, layout):
    import torch
    torch.set_num_threads(threads)
    _, _, step = prepared(name, count, layout)
    value, seconds = step(), []
    for _ in range(steps):
        start = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "value": value, "peak": peak}))


def sgemm():
    """GFLOP/s of PyTorch-free sgemm: oneDNN's, as the engine calls it."""
    import ctypes
    import numpy
    library = ctypes.CDLL("libdnnl.so.2")
    os.environ["OMP_NUM_THREADS"] = "1"
    n = 1024
    a, b, c = (numpy.ones((n, n), numpy.float32) for _ in range(3))
    pointer = lambda m: m.ctypes.data_as(ctypes.c_void_p)
    size = ctypes.c_int64(n)
    best = float("inf")
    for _ in range(20):
        start = time.perf_counter()
        library.dnnl_sgemm(ctypes.c_char(b"N"), ctypes.c_char(b"N"), size, size, size, ctypes.c_float(1),
                           pointer(a), size, pointer(b), size, ctypes.c_float(0), pointer(c), size)
        best = min(best, time.perf_counter() - start)
    return 2 * n**3 / best / 1e9


def run(command, threads):
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads))
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        sys.exit(f"networks.py: {' '.join(command)} failed: {done.stderr.strip()[-500:]}")
    return json.loads(done.stdout.splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", default=".build/release/NetworkTiming")
    parser.add_argument("--networks", default=",".join(NETWORKS))
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out")
    parser.add_argument("--peer", nargs=5, help=argparse.SUPPRESS)
    parser.add_argument("--prepare", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--sgemm", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.sgemm:
        return print(sgemm())
    if options.peer:
        name, count, threads, steps, layout = options.peer
        return peer(name, int(count), int(threads), int(steps), layout)
    if options.prepare:
        name, count, path = options.prepare
        write(name, int(count), path)
        return print(operations(name, int(count)))
    this = [sys.executable, os.path.abspath(__file__)]
    rate = float(subprocess.run(this + ["--sgemm"], capture_output=True, text=True, check=True,
                                env=dict(os.environ, OMP_NUM_THREADS="1")).stdout)
    print(f"sgemm, one core: {rate:.0f} GFLOP/s")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for title in options.networks.split(","):
            name, count, steps = NETWORKS[title]
            path = os.path.join(folder, name + ".safetensors")
            flops = int(run(this + ["--prepare", name, str(count), path], 1))
            for threads in map(int, options.threads.split(",")):
                ours, peers = [], {}
                for _ in range(options.rounds):
                    ours.append(run([options.ours, name, str(count), str(threads), str(steps), path], threads))
                    for layout in ("contiguous", "channels_last")[:1 if name in ("mlp", "bert") else 2]:
                        peers.setdefault(layout, []).append(
                            run(this + ["--peer", name, str(count), str(threads), str(steps), layout], threads))
                least = lambda runs: min(statistics.median(r["seconds"]) for r in runs)
                layout = min(peers, key=lambda l: least(peers[l]))
                mine, theirs = least(ours), least(peers[layout])
                value, other = ours[0]["value"], peers[layout][0]["value"]
                if abs(value - other) > 1e-4 * max(1, abs(other)):
                    sys.exit(f"networks.py: {title} computes {value}, PyTorch {other}")
                row = {
                    "network": title, "threads": threads, "ours_ms": f"{mine * 1e3:.3f}",
                    "pytorch_ms": f"{theirs * 1e3:.3f}", "layout": layout, "ratio": f"{theirs / mine:.2f}",
                    "steps_per_second": f"{1 / mine:.1f}", "gflop": f"{flops / 1e9:.3f}",
                    "gflops": f"{flops / mine / 1e9:.0f}",
                    "share_of_sgemm": f"{flops / mine / 1e9 / rate / threads:.2f}",
                    "planned_mb": f"{ours[0]['planned'] / 1e6:.1f}",
                    "ours_peak_mb": f"{max(r['peak'] for r in ours) / 1e6:.0f}",
                    "pytorch_peak_mb": f"{max(r['peak'] for r in peers[layout]) / 1e6:.0f}",
                }
                rows.append(row)
                print("  ".join(f"{k} {v}" for k, v in row.items()), flush=True)
    if options.out:
        with open(options.out, "w", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    main()
