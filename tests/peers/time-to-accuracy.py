#!/usr/bin/env python3
"""When the runs of an experiment, or single runs, reached an accuracy: after how many syntheses and inner steps, and how much time of synthesis.

usage: time-to-accuracy.py FOLDER... [--accuracy PERCENT] [--clock DFKD [--rounds N] [--threads N]]

FOLDER: of a run (it holds events.jsonl), or of an experiment (its runs are looked at). The accuracy is that of the student on the test set, at the first
evaluation that is not below it; the clock is the run's own of synthesis, so that times of two runs compare only when they ran on the same
machine beside the same other work. Inner steps do not depend on that.

With --clock, inner and outer steps of the recipes that got there are timed by that dfkd, in turns, N rounds: synthesis then takes as many of them as
the run had done at the evaluation before (it was not there yet) and at the one that found it there. Times as long as the quickest: medians of the
rounds' ratios at the later evaluation, and from the least (its earlier evaluation, the quickest's later one) to the most.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys


def first_at(events, percent):
    """(synthesis, inner steps, seconds of synthesis, accuracy) of the first evaluation at or above @percent, and (synthesis, inner steps) of
    the one before; None when there is none."""
    before = 0, 0
    for line in events.open():
        try:
            event = json.loads(line)
        except ValueError:  # cut short
            continue
        if event.get("event") != "evaluation":
            continue
        if event.get("accuracy", -1.0) >= percent:
            return event["synthesis"], event["inner_step"], event["clocks"][0], event["accuracy"], before
        before = event["synthesis"], event["inner_step"]
    return None


def runs_of(folder):
    if (folder / "events.jsonl").exists():
        return [folder]
    return sorted(events.parent for events in folder.glob("*/events.jsonl"))


def seconds_of_steps(dfkd, run, threads):
    """of an inner and of an outer step"""
    done = subprocess.run([dfkd, "bench", "--json", "--device", "cpu", "--threads", str(threads), "--repeats", "5", "--recipe", run / "recipe.json"],
                          capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr.strip())
    times = {step["name"]: step["seconds"]["median"] for step in json.loads(done.stdout) if "seconds" in step}
    return times["inner"], times.get("outer", 0.0)


def clock(options, reached):
    """@reached: a list of runs and what first_at() found"""
    rounds = [[seconds_of_steps(options.clock, run, options.threads) for run, _ in reached] for _ in range(options.rounds)]

    def times(i, synthesis, inner):
        return [inner * r[i][0] + synthesis * r[i][1] for r in rounds]

    late = [times(i, *at[:2]) for i, (_, at) in enumerate(reached)]
    early = [times(i, *at[4]) for i, (_, at) in enumerate(reached)]
    least = min(range(len(reached)), key=lambda i: statistics.median(late[i]))
    print(f"\n{'run':32} inner step (ms)    synthesis (s)   times as long as {reached[least][0].name}; {options.rounds} rounds")
    for i, (run, _) in enumerate(reached):
        ratio = statistics.median(a / b for a, b in zip(late[i], late[least]))
        bounds = min(a / b for a, b in zip(early[i], late[least])), max(a / b for a, b in zip(late[i], late[least]))
        print(f"{run.name:32} {1e3 * statistics.median(r[i][0] for r in rounds):15.1f}  {statistics.median(late[i]):15.1f}   {ratio:.2f} ({bounds[0]:.2f} to {bounds[1]:.2f})")


def main():
    parser = argparse.ArgumentParser(usage="%(prog)s FOLDER... [--accuracy PERCENT] [--clock DFKD [--rounds N] [--threads N]]")
    parser.add_argument("folders", nargs="+", type=pathlib.Path, metavar="FOLDER")
    parser.add_argument("--accuracy", type=float, default=70.0, metavar="PERCENT")
    parser.add_argument("--clock", metavar="DFKD")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--threads", type=int, default=0, metavar="N")
    options = parser.parse_args()

    found = [run for folder in options.folders for run in runs_of(folder)]
    if not found:
        sys.exit(f"{options.folders[0]}: no events.jsonl is there: name a run folder, or the folder of an experiment")
    print(f"{'run':32} syntheses  inner steps  synthesis (s)  accuracy (%)   first at {options.accuracy:g} % or more")
    reached = []
    for run in found:
        at = first_at(run / "events.jsonl", options.accuracy)
        if at is not None:
            reached.append((run, at))
        print(f"{run.name:32} " + ("     never" if at is None else f"{at[0]:9d}  {at[1]:11d}  {at[2]:13.1f}  {at[3]:12.2f}"))
    if options.clock and reached:
        clock(options, reached)


if __name__ == "__main__":
    main()
