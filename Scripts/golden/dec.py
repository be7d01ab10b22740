#!/usr/bin/env python3
"""Refines codes and centroids as deep embedded clustering does, in PyTorch and double precision.

    Scripts/golden/dec.py > Tests/LearnersTests/Golden/dec.json

Weights, samples and centroids are patterns of whole numbers, so that no file holds them.
"""

import json
import sys

import torch

WIDTHS = [6, 128, 128, 10]
SAMPLES, CLUSTERS, STEPS = 48, 3, 20


def pattern(shape, seed, bound):
    """Numbers that look drawn, the same in every language."""
    count = 1
    for length in shape:
        count *= length
    values = [((place * 7919 + seed * 104729) % 2003 - 1001) / 1001 * bound for place in range(count)]
    return torch.tensor(values, dtype=torch.float64).reshape(shape)


def main():
    features = pattern([SAMPLES, 6], 1, 2.0)
    mean, deviation = features.mean(0), features.std(0, correction=0)
    samples = ((features - mean) / deviation).clamp(-5, 5)
    weights = []
    for layer, (inputs, outputs) in enumerate(zip(WIDTHS, WIDTHS[1:])):
        bound = 1.5 / inputs**0.5
        weights.append(pattern([outputs, inputs], 10 + 2 * layer, bound).requires_grad_())
        weights.append(pattern([outputs], 11 + 2 * layer, bound).requires_grad_())
    points = pattern([CLUSTERS, WIDTHS[-1]], 20, 0.5).requires_grad_()

    def shares():
        codes = samples
        for layer in range(3):
            codes = codes @ weights[2 * layer].T + weights[2 * layer + 1]
            codes = codes.relu() if layer < 2 else codes
        kernel = 1 / (1 + torch.cdist(codes, points).square())
        return kernel / kernel.sum(1, keepdim=True)

    optimizer = torch.optim.SGD(weights + [points], lr=0.01, momentum=0.9)
    begun = shares().detach()
    squares = begun.square() / begun.sum(0)
    targets = squares / squares.sum(1, keepdim=True)
    for _ in range(STEPS):
        loss = (targets * (targets.log() - shares().log())).sum(1).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    json.dump({
        "provenance": f"Scripts/golden/dec.py, torch {torch.__version__}",
        "begun": begun.tolist(), "shares": shares().tolist(), "centroids": points.tolist(),
    }, sys.stdout)
    print()


main()
