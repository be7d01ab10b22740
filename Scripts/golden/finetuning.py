"""Golden values of fine-tuning and of training on episodes, from PyTorch: operations, whole runs.

    python -m venv venv
    venv/bin/pip install numpy torch
    venv/bin/python Scripts/golden/finetuning.py

Writes Tests/NetworksTests/Golden/tuning.json and Tests/MethodsTests/Golden/finetuning.json. All in
double precision, from inputs that single precision holds.

A whole run is the tuning of a perceptron of two layers of 128 on shots that fit into one batch, so
that the batch's order doesn't matter. Its weights aren't recorded: both sides make them by
`pattern`. What is recorded is what the tuned network says of the queries. Methods of few-shot
learning train the same perceptron on episodes of the source, which are recorded, and have the shots
as their support.
"""

import datetime
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

ROOT = pathlib.Path(__file__).resolve().parents[2]
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

# What is added to the weights that runs begin with.
NOISE = 0.0
RATE, MOMENTUM, DECAY, TRUNK, STEPS = 0.01, 0.9, 5e-4, 0.1, 200


def provenance():
    return {
        "script": f"Scripts/golden/{pathlib.Path(sys.argv[0]).name}",
        "date": datetime.date.today().isoformat(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "torch": torch.__version__,
    }


def listed(tensor):
    return [float(f"{value:.9g}") for value in np.asarray(tensor.detach()).ravel()]


def normal(random, *shape):
    return torch.tensor(np.round(random.normal(size=shape) * 1024) / 1024)


# Operations


def operations():
    random = np.random.default_rng(7)
    cases = []

    def case(name, inputs, loss, **attributes):
        tensors = {key: value.clone().requires_grad_() for key, value in inputs.items()}
        value = loss(**tensors)
        value.backward()
        cases.append(
            {
                "name": name,
                "attributes": attributes,
                "inputs": {
                    key: {"shape": list(tensor.shape), "values": listed(tensor)}
                    for key, tensor in tensors.items()
                },
                "value": float(value.detach()),
                "gradients": {
                    key: listed(tensor.grad) for key, tensor in tensors.items() if tensor.grad is not None
                },
            }
        )

    for name, rows, columns, count in [
        ("wide", 5, 8, 1), ("tall", 9, 4, 1), ("several", 6, 10, 3), ("all", 3, 7, 5)
    ]:
        case(
            f"singular values, {name}",
            {"x": normal(random, rows, columns)},
            lambda x: torch.linalg.svdvals(x).flip(0)[: min(count, rows, columns)].pow(2).sum(),
            count=count,
        )
    upstream = normal(random, 4, 3, 2)
    case(
        "low rank",
        {
            "kernel": normal(random, 4, 3, 2), "a": normal(random, 2, 6), "b": normal(random, 4, 2)
        },
        lambda kernel, a, b: ((kernel + 0.75 * (b @ a).reshape(4, 3, 2)) * upstream).sum(),
        factor=0.75, upstream=listed(upstream),
    )
    case(
        "channels",
        {"x": normal(random, 3, 2, 4), "z": normal(random, 3, 2, 4)},
        lambda x, z: (torch.tensor([0.5, 2.0, 0.25, 1.0]) * (x - z) ** 2).sum(),
    )
    return cases


# Whole runs


def pattern(count, seed, bound):
    """Numbers that look drawn, from -bound to bound, as single precision has them."""
    values = (np.arange(count, dtype=np.int64) * 7919 + seed * 104729) % 2003 - 1001
    return (values.astype(np.float32) / np.float32(1001)) * np.float32(bound)


def network(dimensions, classes, seed):
    """[weight, bias] of both layers and of the head, with requires_grad."""
    result = []
    widths = [dimensions, 128, 128, classes]
    for layer in range(3):
        bound = 1 / math.sqrt(widths[layer])
        for part, shape in enumerate([(widths[layer + 1], widths[layer]), (widths[layer + 1],)]):
            values = pattern(math.prod(shape), seed + 2 * layer + part, bound)
            values = values.astype(float) + NOISE * np.random.default_rng().normal(size=values.shape)
            result.append(torch.tensor(values.reshape(shape)).requires_grad_())
    return result


def maps(weights, x):
    """The outputs of both layers before max(0, ·), and the features."""
    first = x @ weights[0].T + weights[1]
    second = first.relu() @ weights[2].T + weights[3]
    return first, second, second.relu()


def logits(weights, x):
    return maps(weights, x)[2] @ weights[4].T + weights[5]


def tune(weights, x, y, groups, loss=None, steps=STEPS, schedule=lambda step: 1.0):
    """SGD on groups of (places in the list of weights, rate, decay)."""
    optimizer = torch.optim.SGD(
        [{"params": [weights[p] for p in places], "lr": rate, "weight_decay": decay, "base": rate}
         for places, rate, decay in groups],
        lr=RATE, momentum=MOMENTUM)
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = group["base"] * schedule(step)
        optimizer.zero_grad()
        value = F.cross_entropy(logits(weights, x), y)
        if loss is not None:
            value = value + loss(weights)
        value.backward()
        optimizer.step()
    return weights


USUAL = [([0, 1, 2, 3], RATE * TRUNK, DECAY), ([4, 5], RATE, DECAY)]


def probe(weights, x, y):
    """The last layer as a ridged logistic regression on the features: ½‖W‖² + Σ ℓ, biases free."""
    features = maps(weights, x)[2].detach()
    head = [torch.zeros_like(w).requires_grad_() for w in weights[4:6]]
    optimizer = torch.optim.LBFGS(
        head, max_iter=5000, tolerance_grad=1e-12, tolerance_change=1e-16,
        line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        value = 0.5 * (head[0] ** 2).sum() + F.cross_entropy(
            features @ head[0].T + head[1], y, reduction="sum")
        value.backward()
        return value

    optimizer.step(closure)
    with torch.no_grad():
        weights[4][:] = head[0]
        weights[5][:] = head[1] - head[1].mean()


# The episodes of the source: classes, shots and queries of each, and how many.
WAYS, SHOTS, QUERIES, EPISODES = 3, 2, 3, 40


def drawn_episodes(labels):
    """Rows of each episode: its support, then its queries, class after class."""
    random = np.random.default_rng(23)
    episodes = []
    for _ in range(EPISODES):
        rows = [
            random.permutation(np.flatnonzero(labels == label))[:SHOTS + QUERIES]
            for label in random.permutation(labels.max() + 1)[:WAYS]
        ]
        episodes.append({
            "classes": [int(labels[own[0]]) for own in rows],
            "support": [int(row) for own in rows for row in own[:SHOTS]],
            "queries": [int(row) for own in rows for row in own[SHOTS:]],
        })
    return episodes


def layer(shape, seed):
    values = pattern(math.prod(shape), seed, 1 / math.sqrt(shape[-1])).astype(float)
    values = values + NOISE * np.random.default_rng().normal(size=values.shape)
    return torch.tensor(values.reshape(shape)).requires_grad_()


def few_shot(start, x, source_labels, shots, shot_labels, asked):
    """What the few-shot methods say of `asked`, the shots being their support."""
    episodes = drawn_episodes(source_labels)
    ways = torch.arange(WAYS)

    def one_hot(labels):
        return F.one_hot(labels, WAYS).to(torch.get_default_dtype())

    def means(features, labels):
        return torch.stack([features[labels == label].mean(dim=0) for label in range(WAYS)])

    def trained(more, scores, loss):
        """Weights after a step of Adam on each episode; scores are of (support, labels, queries)."""
        weights = [w.detach().clone().requires_grad_() for w in start[:4]] + more
        # Distances don't change where all features move alike: the last bias of a unit that is above
        # 0 for all samples has the gradient 0. Rounding leaves 1e-8 of it in single precision, which
        # Adam would take for a direction were its epsilon, 1e-8 as usual, no larger: PyTorch's own
        # probabilities then differ by 6e-3 between single and double precision, and 3e-7 with 1e-4.
        optimizer = torch.optim.Adam(weights, lr=1e-3, eps=1e-4)
        for episode in episodes:
            optimizer.zero_grad()
            features = maps(weights, x[episode["support"] + episode["queries"]])[2]
            count = WAYS * SHOTS
            found = scores(
                weights, features[:count], ways.repeat_interleave(SHOTS), features[count:])
            loss(found, ways.repeat_interleave(QUERIES)).backward()
            optimizer.step()
        return scores(weights, maps(weights, shots)[2], shot_labels, maps(weights, asked)[2])

    def distances(weights, support, labels, queries):
        return -((queries[:, None] - means(support, labels)[None]) ** 2).sum(dim=-1)

    def attention(weights, support, labels, queries):
        cosines = F.normalize(queries, dim=-1) @ F.normalize(support, dim=-1).T
        return torch.log(F.softmax(10 * cosines, dim=1) @ one_hot(labels))

    def relations(weights, support, labels, queries):
        pairs = torch.cat(
            [
                means(support, labels)[None].expand(len(queries), -1, -1),
                queries[:, None].expand(-1, WAYS, -1),
            ], dim=-1)
        hidden = (pairs @ weights[4].T + weights[5]).relu()
        return torch.sigmoid(hidden @ weights[6].T + weights[7]).squeeze(-1)

    relation = [layer((64, 256), 60), layer((64,), 61), layer((1, 64), 62), layer((1,), 63)]
    compared = trained(
        relation, relations, lambda found, y: ((found - one_hot(y)) ** 2).mean())
    results = {
        "prototypical": F.softmax(trained([], distances, F.cross_entropy), dim=1),
        "matching": trained([], attention, F.nll_loss).exp(),
        "relation": compared / compared.sum(dim=1, keepdim=True),
    }

    def cosines(features, directions):
        return 2 * F.normalize(features, dim=-1) @ F.normalize(directions, dim=-1).T

    weights = [w.detach().clone().requires_grad_() for w in start[:4]] + [layer((3, 128), 70)]
    optimizer = torch.optim.Adam(weights, lr=1e-3)
    for _ in range(100):
        optimizer.zero_grad()
        F.cross_entropy(
            cosines(maps(weights, x)[2], weights[4]), torch.tensor(source_labels)).backward()
        optimizer.step()
    support = maps(weights, shots)[2].detach()
    directions = layer((3, 128), 80)
    # u <- 0.9 u + 0.1 g
    optimizer = torch.optim.SGD(
        [directions], lr=0.01 * (1 - 0.9), momentum=0.9, weight_decay=0.001)
    for _ in range(100):
        optimizer.zero_grad()
        F.cross_entropy(cosines(support, directions), shot_labels).backward()
        optimizer.step()
    results["baseline-plus-plus"] = F.softmax(
        cosines(maps(weights, asked)[2], directions), dim=1)
    return episodes, {name: listed(value) for name, value in results.items()}


def runs():
    random = np.random.default_rng(17)
    labels = np.arange(24) % 3
    source = np.round((random.normal(size=(24, 6)) + 2 * np.eye(6)[labels]) * 1024) / 1024
    shot_labels = np.arange(12) % 3
    shots = np.round((random.normal(size=(12, 6)) + 2 * np.eye(6)[shot_labels + 1] + 0.5) * 1024) / 1024
    queries = np.round(random.normal(size=(8, 6)) * 2048) / 1024
    mean, deviation = source.mean(axis=0), source.std(axis=0)

    def standard(samples):
        return torch.tensor((samples - mean) / deviation)

    x, y, asked = standard(shots), torch.tensor(shot_labels), standard(queries)
    # The source's network with its head, and a new head.
    start = network(6, 3, 1)

    def fresh(keeps_head=False):
        weights = [w.detach().clone().requires_grad_() for w in start]
        if not keeps_head:
            for place, weight in zip((4, 5), network(6, 3, 50)[4:]):
                weights[place] = weight
        return weights

    results = {}

    def record(name, weights):
        results[name] = listed(F.softmax(logits(weights, asked), dim=1))

    record("fine-tune", tune(fresh(), x, y, USUAL))
    record("fine-tune, frozen", tune(fresh(), x, y, [([2, 3], RATE * TRUNK, DECAY), USUAL[1]]))

    weights = fresh()
    probe(weights, x, y)
    record("lp-ft", tune(weights, x, y, USUAL))

    weights = fresh()
    for stage in range(3):
        steps = STEPS // 3 if stage < 2 else STEPS - 2 * (STEPS // 3)
        cut = math.floor(steps * 0.1)

        def triangle(step):
            share = step / cut if step < cut else 1 - (step - cut) / (cut * (1 / 0.1 - 1))
            return (1 + max(0, share) * (32 - 1)) / 32

        groups = [([4, 5], RATE, DECAY)]
        if stage > 0:
            groups.append(([2, 3], RATE / 2.6, DECAY))
        if stage > 1:
            groups.append(([0, 1], RATE / 2.6 ** 2, DECAY))
        tune(weights, x, y, groups, steps=steps, schedule=triangle)
    record("gradual-unfreezing", weights)

    pulled = [([0, 1, 2, 3], RATE * TRUNK, 0.0), ([4, 5], RATE, 0.01)]

    def distance(weights):
        return 0.1 / 2 * sum(((w - s.detach()) ** 2).sum() for w, s in zip(weights[:4], start[:4]))

    record("l2-sp", tune(fresh(), x, y, pulled, distance))

    # DELTA: the effect of each channel under a probe.
    probed = fresh()
    probe(probed, x, y)
    shares = []
    with torch.no_grad():
        whole = F.cross_entropy(logits(probed, x), y)
        for place in (0, 2):
            effects = []
            for channel in range(128):
                without = [w.clone() for w in probed]
                without[place][channel] = 0
                effects.append(float(F.cross_entropy(logits(without, x), y) - whole))
            effects = np.array(effects)
            scores = (effects - effects.mean()) / effects.std() / 5
            shares.append(torch.tensor(np.exp(scores) / np.exp(scores).sum()))
    kept = [m.detach() for m in maps(start, x)[:2]]

    def attention(weights):
        omega = 0
        for share, before, now in zip(shares, kept, maps(weights, x)[:2]):
            omega = omega + 0.5 * (128 * share * (now - before) ** 2).sum() / len(x)
        return 1.0 * omega

    record("delta", tune(fresh(), x, y, pulled, attention))

    def spectral(weights):
        values = torch.linalg.svdvals(maps(weights, x)[2])
        return 0.1 * (values[-2:] ** 2).sum()

    record("bss", tune(fresh(), x, y, USUAL, spectral))

    predictions = F.softmax(logits(start, x), dim=1).detach()
    relation = torch.stack([predictions[y == label].mean(dim=0) for label in range(3)])
    weights = fresh() + [w.detach().clone().requires_grad_() for w in start[4:]]

    def source_loss(weights):
        given = maps(weights, x)[2] @ weights[6].T + weights[7]
        return 2.3 * -(relation[y] * F.log_softmax(given, dim=1)).sum(dim=1).mean()

    record(
        "co-tuning",
        tune(weights, x, y, [([0, 1, 2, 3, 6, 7], RATE * TRUNK, DECAY), USUAL[1]], source_loss))

    record("bitfit", tune(fresh(), x, y, [([1, 3, 4, 5], RATE, DECAY)]))

    weights = fresh(keeps_head=True)
    F.cross_entropy(logits(weights, x), y).backward()
    ratios = [float(weights[p].grad.norm() / weights[p].detach().norm()) for p in (0, 2, 4)]
    chosen = int(np.argmax(ratios))
    weights = fresh(keeps_head=True)
    rate = RATE if chosen == 2 else RATE * TRUNK
    record("surgical", tune(weights, x, y, [([2 * chosen, 2 * chosen + 1], rate, DECAY)]))

    weights = tune(fresh(keeps_head=True), x, y, USUAL)
    between = [(0.5 * s + 0.5 * w).detach() for s, w in zip(start, weights)]
    record("wise-ft", between)

    episodes, found = few_shot(start, standard(source), labels, x, y, asked)
    results.update(found)

    def table(values):
        return [[float(v) for v in row] for row in values]

    return {
        "source": table(source), "sourceLabels": [int(v) for v in labels], "shots": table(shots),
        "shotLabels": [int(v) for v in shot_labels], "queries": table(queries),
        "chosenBlock": chosen, "gradientRatios": ratios, "relation": table(relation.numpy()),
        "episodes": episodes,
        "probabilities": results,
    }


def steady_runs():
    """The runs, after it was seen that no unit lies so near 0 that rounding decides about it."""
    global NOISE
    exact = runs()
    for _ in range(5):
        NOISE = 1e-7
        for name, values in runs()["probabilities"].items():
            difference = max(abs(a - b) for a, b in zip(values, exact["probabilities"][name]))
            assert difference < 3e-5, f"{name} depends on rounding: {difference}"
    return exact


def write(path, content):
    (ROOT / path).write_text(json.dumps({"provenance": provenance(), **content}, indent=1) + "\n")


if __name__ == "__main__":
    write("Tests/NetworksTests/Golden/tuning.json", {"cases": operations()})
    write("Tests/MethodsTests/Golden/finetuning.json", steady_runs())
