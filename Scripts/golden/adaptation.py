"""Golden values of few-shot methods that adapt: LaplacianShot, TIM, CCSA, MME, MAML, ANIL, Reptile.

    python -m venv venv
    venv/bin/pip install numpy scipy scikit-learn torch
    venv/bin/python Scripts/golden/adaptation.py

Writes Tests/MethodsTests/Golden/adaptation.json. All in double precision, from inputs that single
precision holds. The first two methods work on given features: neighbours are scikit-learn's, products
those of SciPy's sparse matrices, gradients and Adam PyTorch's. The others are whole runs of the
perceptron of finetuning.py, on samples that fit into one batch, with episodes that are given.
"""

import numpy as np
import scipy.sparse
import scipy.special
from finetuning import (
    DECAY, MOMENTUM, NOISE, RATE, STEPS, TRUNK, USUAL, listed, logits, maps, network, tune, write)
import torch
import torch.nn.functional as F
from sklearn.neighbors import NearestNeighbors

import finetuning


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


if __name__ == "__main__":
    write("Tests/MethodsTests/Golden/adaptation.json", {"features": features()})
