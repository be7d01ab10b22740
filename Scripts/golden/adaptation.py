"""Golden values of few-shot methods that adapt: LaplacianShot, TIM, CCSA, MME, MAML, ANIL, Reptile.

    python -m venv venv
    venv/bin/pip install numpy scipy scikit-learn torch
    venv/bin/python Scripts/golden/adaptation.py

Writes Tests/MethodsTests/Golden/adaptation.json. All in double precision, from inputs that single
precision holds. The first two methods work on given features: neighbours are scikit-learn's, products
those of SciPy's sparse matrices, gradients and Adam PyTorch's. The others are whole runs of the
perceptron of finetuning.py, on samples that fit into one batch, with episodes that are given.
"""

import finetuning
import numpy as np
import scipy.sparse
import scipy.special
import torch
import torch.nn.functional as F
from finetuning import DECAY, MOMENTUM, RATE, STEPS, USUAL, listed, logits, maps, network, write
from sklearn.neighbors import NearestNeighbors

# Of MME. Its own 0.05 magnifies rounding so much that two precisions part after 200 steps.
TEMPERATURE = 0.5
INNER_STEPS = 5


def table(values):
    return [[float(v) for v in row] for row in np.asarray(values)]


# Methods on given features


def features():
    random = np.random.default_rng(5)

    def drawn(count):
        labels = np.arange(count) % 3
        points = random.normal(size=(count, 5)) + 1.5 * np.eye(5)[labels]
        points /= np.linalg.norm(points, axis=1, keepdims=True)
        return np.round(points * 4096) / 4096, labels

    shots, labels = drawn(9)
    samples, _ = drawn(40)
    queries, _ = drawn(7)
    means = np.stack([shots[labels == label].mean(axis=0) for label in range(3)])

    def energies(points):
        return ((points[:, None] - means[None]) ** 2).sum(axis=2)

    strength, neighbours, updates = 0.7, 4, 20
    search = NearestNeighbors(n_neighbors=neighbours + 1, algorithm="brute").fit(samples)
    others = search.kneighbors(samples)[1][:, 1:]
    rows = np.repeat(np.arange(len(samples)), neighbours)
    graph = scipy.sparse.csr_matrix(
        (np.ones(rows.size), (rows, others.ravel())), shape=(len(samples), len(samples)))
    assigned = scipy.special.softmax(-energies(samples), axis=1)
    for _ in range(updates):
        assigned = scipy.special.softmax(strength * (graph @ assigned) - energies(samples), axis=1)
    near = search.kneighbors(queries, n_neighbors=neighbours)[1]
    asked = scipy.special.softmax(
        strength * assigned[near].sum(axis=1) - energies(queries), axis=1)

    weights = torch.tensor(means, requires_grad=True)
    z_shots, z_samples = torch.tensor(shots), torch.tensor(samples)
    optimizer = torch.optim.Adam([weights], lr=1e-3)

    def exponents(points):
        return -15 / 2 * ((points[:, None] - weights[None]) ** 2).sum(dim=2)

    information = []
    for step in range(101):
        p = exponents(z_samples).softmax(dim=1)
        marginal = -(p.mean(dim=0) * p.mean(dim=0).log()).sum()
        conditional = -(p * p.log()).sum(dim=1).mean()
        information.append(float((marginal - conditional).detach()))
        if step == 100:
            break
        loss = (
            0.1 * F.cross_entropy(exponents(z_shots), torch.tensor(labels))
            - (marginal - 0.1 * conditional))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return {
        "shots": table(shots), "shotLabels": [int(v) for v in labels], "samples": table(samples),
        "queries": table(queries), "strength": strength, "neighbours": neighbours,
        "updates": updates, "assignments": table(assigned), "pulled": table(asked),
        "information": [information[0], information[-1]],
        "informed": table(exponents(torch.tensor(queries)).softmax(dim=1).detach()),
    }


# Whole runs


class Reversal(torch.autograd.Function):
    @staticmethod
    def forward(context, x):
        return x.clone()

    @staticmethod
    def backward(context, slopes):
        return -slopes


def descend(loss, groups):
    """SGD on groups of (weights, rate, decay)."""
    optimizer = torch.optim.SGD(
        [{"params": weights, "lr": rate, "weight_decay": decay} for weights, rate, decay in groups],
        lr=RATE, momentum=MOMENTUM)
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()


def adapt(weights, places, x, y, steps, rate=RATE):
    """Plain gradient descent on the weights at these places; returns new weights."""
    weights = [w.detach().clone().requires_grad_() for w in weights]
    for _ in range(steps):
        slopes = torch.autograd.grad(
            F.cross_entropy(logits(weights, x), y), [weights[p] for p in places])
        with torch.no_grad():
            for place, slope in zip(places, slopes):
                weights[place] -= rate * slope
    return weights


def runs():
    random = np.random.default_rng(50)

    def drawn(count, shift, spread):
        labels = np.arange(count) % 3
        points = spread * random.normal(size=(count, 6)) + 2 * np.eye(6)[labels + shift]
        return np.round((points + 0.5 * shift) * 1024) / 1024, torch.tensor(labels)

    (source, source_labels), (shots, shot_labels) = drawn(15, 0, 1), drawn(9, 1, 1)
    (unlabelled, _), (queries, _) = drawn(12, 1, 1), drawn(8, 1, 2)
    mean, deviation = source.mean(axis=0), source.std(axis=0)
    x_source, x_shots, x_unlabelled, asked = (
        torch.tensor(np.clip((points - mean) / deviation, -5, 5))
        for points in (source, shots, unlabelled, queries))
    x, y = torch.cat([x_source, x_shots]), torch.cat([source_labels, shot_labels])

    def fresh():
        return [w.detach().clone().requires_grad_() for w in network(6, 3, 1)]

    def usual(weights):
        return [
            ([weights[p] for p in places if p < len(weights)], rate, decay)
            for places, rate, decay in USUAL]

    results = {}

    def record(name, outputs):
        results[name] = listed(F.softmax(outputs, dim=1))

    weights = fresh()
    same = source_labels[:, None] == shot_labels[None]

    def aligned():
        f = maps(weights, x)[2]
        distances = ((f[:15, None] - f[None, 15:]) ** 2).sum(dim=2)
        contrast = (
            distances[same].mean() / 2 + (1 - distances[~same].sqrt()).clamp(min=0).pow(2).mean() / 2)
        return 0.5 * F.cross_entropy(logits(weights, x), y) + 0.5 * contrast

    descend(aligned, usual(weights))
    record("ccsa", logits(weights, asked))

    weights = fresh()[:4] + [network(6, 3, 50)[4]]

    def cosines(f):
        return F.normalize(f, dim=1) @ weights[4].T / TEMPERATURE

    def minimax():
        p = cosines(Reversal.apply(maps(weights, x_unlabelled)[2])).softmax(dim=1)
        entropy = -(p * p.log()).sum(dim=1).mean()
        return F.cross_entropy(cosines(maps(weights, x)[2]), y) - 0.1 * entropy

    descend(minimax, usual(weights))
    record("mme", cosines(maps(weights, asked)[2]))

    episodes = []
    for _ in range(10):
        rows = [random.permutation(np.flatnonzero(source_labels.numpy() == c)) for c in range(3)]
        episodes.append({
            "support": [int(v) for r in rows for v in r[:2]],
            "queries": [int(v) for r in rows for v in r[2:4]],
        })
    everywhere, head = list(range(6)), [4, 5]

    for name, places in [("maml", everywhere), ("anil", head)]:
        weights = fresh()
        optimizer = torch.optim.Adam(weights, lr=1e-3)
        for episode in episodes:
            s, q = episode["support"], episode["queries"]
            adapted = adapt(weights, places, x_source[s], source_labels[s], INNER_STEPS)
            slopes = torch.autograd.grad(
                F.cross_entropy(logits(adapted, x_source[q]), source_labels[q]), adapted)
            for weight, slope in zip(weights, slopes):
                weight.grad = slope
            optimizer.step()
        record(name, logits(adapt(weights, places, x_shots, shot_labels, STEPS), asked))

    weights = fresh()
    for place, episode in enumerate(episodes):
        s = episode["support"]
        adapted = adapt(weights, everywhere, x_source[s], source_labels[s], INNER_STEPS)
        share = 1 - place / len(episodes)
        with torch.no_grad():
            weights = [w + share * (a - w) for w, a in zip(weights, adapted)]
    record("reptile", logits(adapt(weights, everywhere, x_shots, shot_labels, STEPS), asked))

    return {
        "source": table(source), "sourceLabels": source_labels.tolist(), "shots": table(shots),
        "shotLabels": shot_labels.tolist(), "unlabelled": table(unlabelled),
        "queries": table(queries), "temperature": TEMPERATURE,
        "innerSteps": INNER_STEPS, "episodes": episodes,
        "probabilities": results,
    }


def steady_runs():
    """The runs, after it was seen that no unit lies so near 0 that rounding decides about it."""
    exact = runs()
    for _ in range(5):
        finetuning.NOISE = 1e-7
        for name, values in runs()["probabilities"].items():
            difference = max(abs(a - b) for a, b in zip(values, exact["probabilities"][name]))
            assert difference < 3e-5, f"{name} depends on rounding: {difference}"
    return exact


if __name__ == "__main__":
    write(
        "Tests/MethodsTests/Golden/adaptation.json",
        {"features": features(), "runs": steady_runs()})
