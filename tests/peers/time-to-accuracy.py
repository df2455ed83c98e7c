#!/usr/bin/env python3
"""When the runs of an experiment, or single runs, reached an accuracy: after how many syntheses and inner steps, and how much time of synthesis.

usage: time-to-accuracy.py FOLDER... [--accuracy PERCENT]

FOLDER: of a run (it holds events.jsonl), or of an experiment (its runs are looked at). The accuracy is that of the student on the test set, at the first
evaluation that is not below it; the clock is the run's own of synthesis, so that times of two runs compare only when they ran on the same
machine beside the same other work. Inner steps do not depend on that.
"""
import argparse
import json
import pathlib
import sys


def first_at(events, percent):
    """(synthesis, inner steps, seconds of synthesis, accuracy) of the first evaluation at or above @percent; None when there is none."""
    for line in events.open():
        try:
            event = json.loads(line)
        except ValueError:  # cut short
            continue
        if event.get("event") == "evaluation" and event.get("accuracy", -1.0) >= percent:
            return event["synthesis"], event["inner_step"], event["clocks"][0], event["accuracy"]
    return None


def runs_of(folder):
    if (folder / "events.jsonl").exists():
        return [folder]
    return sorted(events.parent for events in folder.glob("*/events.jsonl"))


def main():
    parser = argparse.ArgumentParser(usage="%(prog)s FOLDER... [--accuracy PERCENT]")
    parser.add_argument("folders", nargs="+", type=pathlib.Path, metavar="FOLDER")
    parser.add_argument("--accuracy", type=float, default=70.0, metavar="PERCENT")
    options = parser.parse_args()

    found = [run for folder in options.folders for run in runs_of(folder)]
    if not found:
        sys.exit(f"{options.folders[0]}: no events.jsonl is there: name a run folder, or the folder of an experiment")
    print(f"{'run':32} syntheses  inner steps  synthesis (s)  accuracy (%)   first at {options.accuracy:g} % or more")
    for run in found:
        at = first_at(run / "events.jsonl", options.accuracy)
        print(f"{run.name:32} " + ("     never" if at is None else f"{at[0]:9d}  {at[1]:11d}  {at[2]:13.1f}  {at[3]:12.2f}"))


if __name__ == "__main__":
    main()
