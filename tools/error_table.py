"""Relative errors and the tables that the scripts print of them. A library of the other scripts."""
import numpy as np


def relative_l2(found, truth):
    """|found - truth| / |truth| over all elements, in float64. Different shapes and a truth of zeros are errors."""
    found, truth = np.asarray(found, np.float64), np.asarray(truth, np.float64)
    if found.shape != truth.shape:
        raise ValueError(f"shape {found.shape}, expected {truth.shape}")
    if not truth.any():
        raise ValueError("the truth is zero everywhere, nothing can be compared with it")
    return float(np.linalg.norm(found - truth) / np.linalg.norm(truth))


def relative_l2_of_rows(found, truth):
    """One relative error for each row of a batch."""
    if np.shape(found) != np.shape(truth):
        raise ValueError(f"shape {np.shape(found)}, expected {np.shape(truth)}")
    return [relative_l2(f, t) for f, t in zip(found, truth)]


class ErrorTable:
    """Rows of: what, our error, PyTorch's error (or none), the limit, the verdict. Rows are printed as they come."""

    def __init__(self, first_column, width=34):
        self.width = width
        self.failures = 0
        print(f"{first_column:{width}} {'ours':>10} {'torch':>10} {'limit':>10}  verdict")

    def add(self, name, ours, limit, torch_error=None):
        """NaN is out of limits too."""
        good = ours <= limit
        self.print_row(name, f"{ours:.2e}", torch_error, limit, "ok" if good else "OUT OF LIMIT")
        self.failures += 0 if good else 1

    def add_failure(self, name, message, torch_error=None):
        self.print_row(name, "-", torch_error, None, str(message))
        self.failures += 1

    def print_row(self, name, ours, torch_error, limit, verdict):
        torch_text = "-" if torch_error is None else f"{torch_error:.2e}"
        limit_text = "-" if limit is None else f"{limit:.2e}"
        print(f"{name:{self.width}} {ours:>10} {torch_text:>10} {limit_text:>10}  {verdict}", flush=True)
