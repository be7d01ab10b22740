#!/usr/bin/env python3
"""How often 95 % intervals of a difference of two gaps between groups hold the truth, near and far from 0.

    Scripts/gap_intervals.py [SIMULATIONS]     2000 by default; a table in Markdown

The gaps of a method and of its reference are estimated by x ~ N(δ, Σ), Σ known: standard deviations 1 and
correlation ρ. The drift is |δ1| − |δ2|. Three intervals:

held      |x1| − |x2| ± 1.96 times the deviation of ±x1 ± x2 with the signs of x held: what `Gap` does
ellipse   all drifts |δ1| − |δ2| of the δ whose (x − δ)ᵀ Σ⁻¹ (x − δ) is at most 1.96²
inverted  the same with, in place of 1.96², the 95 % quantile of the least such distance at the δ nearest to x
          among those of that drift, from 400 draws: a test of each drift, its other parameter plugged in
"""
import sys

import numpy as np


def nearest(x, whitening, drift):
    """The least squared distance from x to the δ of a drift, and that δ: four rays leave |δ1| − |δ2| = drift."""
    least, place = None, None
    for first in (1, -1):
        for second in (1, -1):
            start = np.array([first * max(drift, 0.0), second * max(-drift, 0.0)])
            ray = np.array([first, second], float)
            turned = whitening @ ray
            away = (x - start) @ whitening.T
            length = np.maximum(0, away @ turned / (turned @ turned))[..., None]
            distance = ((away - length * turned) ** 2).sum(-1)
            if least is None:
                least, place = distance, start + length * ray
            else:
                place = np.where((distance < least)[..., None], start + length * ray, place)
                least = np.minimum(least, distance)
    return least, place


def coverage(gaps, correlation, simulations, random):
    factor = np.linalg.cholesky(np.array([[1, correlation], [correlation, 1]]))
    whitening = np.linalg.inv(factor)
    drift = abs(gaps[0]) - abs(gaps[1])
    x = np.array(gaps) + random.standard_normal((simulations, 2)) @ factor.T
    deviation = np.sqrt(2 - 2 * np.sign(x[:, 0] * x[:, 1]) * correlation)
    held = abs(abs(x[:, 0]) - abs(x[:, 1]) - drift) <= 1.96 * deviation
    distance, place = nearest(x, whitening, drift)
    draws = random.standard_normal((400, 2)) @ factor.T
    simulated, _ = nearest(place[:, None] + draws, whitening, drift)
    inverted = distance <= np.quantile(simulated, 0.95, axis=1)
    return [np.mean(value) for value in (held, distance <= 1.96**2, inverted)]


def main():
    simulations = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    random = np.random.default_rng(0)
    print("| δ1, δ2 | " + " | ".join(f"ρ = {r}: held | ellipse | inverted" for r in (0, 0.5, 0.9)) + " |")
    print("|---|" + "---|" * 9)
    for gaps in [(0, 0), (0.5, 0.5), (1, 0.5), (1, 1), (2, 0), (2, 1), (2, 2), (4, 0), (4, 4),
                 (0.5, -0.5), (1, -1), (2, -2)]:
        cells = [f"{value:.3f}" for correlation in (0, 0.5, 0.9)
                 for value in coverage(gaps, correlation, simulations, random)]
        print(f"| {gaps[0]}, {str(gaps[1]).replace('-', '−')} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
