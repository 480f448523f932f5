"""Runs unittest modules of this folder and prints one line of JSON for each test.

harness.py [--list] MODULE...

A line is {"id": "module.Class.test", "error": null or a traceback}. With --list nothing is run and
the lines have the id alone. The exit code says whether this program worked, not how the tests went.
"""

import json
import sys
import unittest


class LineResult(unittest.TestResult):
    """Tells each result when it is known, and keeps quiet otherwise."""

    def __init__(self, stream):
        super().__init__()
        self.lines = stream
        self.problems = []

    def startTest(self, test):
        super().startTest(test)
        self.problems = []

    def stopTest(self, test):
        super().stopTest(test)
        tell(self.lines, test.id(), "\n".join(self.problems) or None)

    def addError(self, test, err):
        super().addError(test, err)
        self.note(test, self.errors[-1][1])

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.note(test, self.failures[-1][1])

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            _, trace = (self.failures + self.errors)[-1]
            self.note(test, f"{subtest}\n{trace}")

    def note(self, test, trace):
        if isinstance(test, unittest.TestCase):
            self.problems.append(trace)
        else:
            # A set-up that failed takes all its tests with it; who lists them sees which.
            print(trace, file=sys.stderr)


def tell(stream, name, error):
    print(json.dumps({"id": name, "error": error}), file=stream, flush=True)


def tests_in(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from tests_in(test)
        else:
            yield test


def main(arguments):
    lists = "--list" in arguments
    modules = [name for name in arguments if name != "--list"]
    suite = unittest.defaultTestLoader.loadTestsFromNames(modules)
    lines, sys.stdout = sys.stdout, sys.stderr
    if lists:
        for test in tests_in(suite):
            print(json.dumps({"id": test.id()}), file=lines)
    else:
        suite.run(LineResult(lines))


if __name__ == "__main__":
    main(sys.argv[1:])
