#!/usr/bin/env python3
"""Whether runs of two programs end alike: accuracies of the engine beside PyTorch's, recipe by recipe.

    /usr/bin/python3 tests/peers/compare-accuracies.py [FILE]

FILE: a CSV with the columns recipe, program (engine or PyTorch), seed and accuracy in percent; without it accuracies.csv beside this program.  The
engine's come from the results.csv of dfkd experiment, PyTorch's from distil-pytorch.py --output.

Prints a Markdown table, of each recipe: median of the seeds 0, 1 and 2 on both sides and how far apart they are; mean ± deviation of all seeds; and what
chance makes of it, by dealing out the same accuracies to both sides anew (all ways, or 20,000 at random where there are more):

  p              how often the means are then at least as far apart (permutation test, two-sided).  A side with few seeds cannot be
                 proven different: of three and three there are 20 ways, and the least p is 0.10
  within 1       how often the medians of three seeds on either side are then within one point, which says how much that can be asked of the recipe

At the end all recipes together: accuracies are dealt out anew in each recipe, and its Wilcoxon rank sums are standardised; their squares add up to how
far the two programs are apart in any direction, the sums themselves to whether one has the higher accuracies.
"""
import csv
import itertools
import math
import pathlib
import random
import statistics
import sys

PROGRAMS = "engine", "PyTorch"
DEALS = 20000  # at random, where all ways are more
SEEDS = 3  # whose medians are asked to be within
POINT = 1.0
CLOSE = 1e-9


def read(path):
    """{recipe: {program: [accuracies in the order of their seeds]}}, in the file's order"""
    recipes = {}
    with open(path, newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream), 2):
            try:
                program, seed, accuracy = row["program"], int(row["seed"]), float(row["accuracy"])
                recipes.setdefault(row["recipe"], {name: {} for name in PROGRAMS})[program][seed] = accuracy
            except (KeyError, TypeError, ValueError):
                sys.exit(f"{path}:{number}: expected recipe, program ({' or '.join(PROGRAMS)}), seed and accuracy, found {dict(row)}")
    return {recipe: {name: [of[seed] for seed in sorted(of)] for name, of in sides.items()} for recipe, sides in recipes.items()}


def deals(values, first, draw):
    """ways to deal @values to two sides, @first of them to the first: all, or DEALS at random"""
    everything = range(len(values))
    if math.comb(len(values), first) <= DEALS:
        chosen = itertools.combinations(everything, first)
    else:
        chosen = (draw.sample(everything, first) for _ in range(DEALS))
    for those in chosen:
        those = set(those)
        yield [values[i] for i in everything if i in those], [values[i] for i in everything if i not in those]


def share(ways):
    ways = list(ways)
    return sum(ways) / len(ways)


def as_far_apart(a, b, draw):
    """how often means are as far apart as those of @a and @b when the same values are dealt out by chance"""
    found = abs(statistics.mean(a) - statistics.mean(b)) - CLOSE
    return share(abs(statistics.mean(x) - statistics.mean(y)) >= found for x, y in deals(a + b, len(a), draw))


def medians_within(values, draw):
    """how often medians of three of @values and of three others are within a point"""
    def of_three():
        for _ in range(DEALS):
            drawn = draw.sample(values, 2 * SEEDS)
            yield drawn[:SEEDS], drawn[SEEDS:]

    ways = deals(values, SEEDS, draw) if len(values) == 2 * SEEDS else of_three()
    return share(abs(statistics.median(x) - statistics.median(y)) <= POINT + CLOSE for x, y in ways)


def ranks(values):
    """the mean rank of equals, from 1"""
    order = sorted(values)
    return [(order.index(v) + 1 + len(order) - order[::-1].index(v)) / 2 for v in values]


def standardised(of, first):
    """how many deviations the rank sum of the first @first is from what chance makes"""
    n, mean = len(of), statistics.mean(of)
    variance = first * (n - first) / (n * (n - 1)) * sum((r - mean) ** 2 for r in of)
    return (sum(of[:first]) - first * mean) / math.sqrt(variance) if variance > 0 else 0.0


def all_together(rows, draw):
    """(how often all recipes are as far apart by chance, how often one program is as much above the other, its name)"""
    ranked = [(ranks(a + b), len(a)) for a, b in rows]
    found = [standardised(*row) for row in ranked]
    far, above = sum(z * z for z in found) - CLOSE, abs(sum(found)) - CLOSE
    hits = [0, 0]
    for _ in range(DEALS):
        now = [standardised(draw.sample(of, len(of)), first) for of, first in ranked]
        hits[0] += sum(z * z for z in now) >= far
        hits[1] += abs(sum(now)) >= above
    return hits[0] / DEALS, hits[1] / DEALS, PROGRAMS[sum(found) < 0]


def spread(values):
    return f"{statistics.mean(values):.1f} ± {statistics.stdev(values):.1f} ({len(values)})"


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).with_name("accuracies.csv")
    draw, rows, distances, shares = random.Random(0), [], [], []
    print("| recipe | engine, median of 3 | PyTorch, median of 3 | apart | engine, all seeds | PyTorch, all seeds | p | within 1 |\n|---|---|---|---|---|---|---|---|")
    for recipe, sides in read(path).items():
        a, b = (sides[name] for name in PROGRAMS)
        if min(len(a), len(b)) < SEEDS:
            print(f"{recipe}: {len(a)} of the engine's and {len(b)} of PyTorch's, {SEEDS} of each are needed", file=sys.stderr)
            continue
        rows.append((a, b))
        middle = [statistics.median(side[:SEEDS]) for side in (a, b)]
        distances.append(abs(middle[0] - middle[1]))
        shares.append(medians_within(a + b, draw))
        print(f"| {recipe} | {middle[0]:.2f} | {middle[1]:.2f} | {distances[-1]:.2f} | {spread(a)} | {spread(b)} | {as_far_apart(a, b, draw):.2f} "
              f"| {100 * shares[-1]:.0f} % |")
    if rows:
        near = sum(apart <= POINT + CLOSE for apart in distances)
        print(f"\nMedians are within a point in {near} of {len(rows)} recipes; by chance alone they would be in {sum(shares):.1f}.")
        far, above, higher = all_together(rows, draw)
        print(f"All {len(rows)} recipes: as far apart by chance with probability {far:.2f}; accuracies of the {higher} side as much higher with {above:.2f}.")


if __name__ == "__main__":
    main()
