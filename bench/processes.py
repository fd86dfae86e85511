"""What the scripts of this folder measure of a process, and where the programs are."""
import os
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
# Both as `dotnet build -c Release` makes them.
BENCH = ["dotnet", str(HERE / "OnnxViz.Benchmarks/bin/Release/net10.0/OnnxViz.Benchmarks.dll")]
PROGRAM = ["dotnet", str(ROOT / "src/OnnxViz.Cli/bin/Release/net10.0/onnxviz.dll")]


def run(command):
    """What it printed, and seconds, processor seconds and peak memory in MiB (mapped pages included) of the whole process."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], stdout=out, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        out.seek(0)
        errors.seek(0)
        if status:
            sys.exit(f"{' '.join(map(str, command))} ended with {os.waitstatus_to_exitcode(status)}:\n{errors.read().decode()}")
        return out.read().decode(), {"seconds": seconds, "cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss / 1024}
