"""How many posters a second a core answers, alone and as a worker of Ray and Spark, and how memory grows.

It prints Markdown, and with --write puts it into docs/SCALE.md. It needs the package and what its tests need, and with
--engines Ray and PySpark.
"""

import argparse
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import marquee_posters
import pyarrow
import pyarrow.parquet

ROOT = Path(__file__).parents[2]
sys.path += [str(ROOT / "examples"), str(ROOT / "python/tests")]
from conftest import drawn, encoded, resident  # noqa: E402

COMMAND = [sys.executable, "-m", "marquee_posters"]
NETWORKS = ["cnn32", "posternet"]
# so that each worker has several tables
TABLES = 8
DIFFERENT = 100
CATALOGUE = 100_000_000
# What --write replaces.
MARKS = ("<!-- scale -->", "<!-- /scale -->")
COMMAND_ROW = "`marquee predict`, for each second of a core"
PACKAGE_ROW = "the package, for each second of a core"


def draw(folder, count):
    """Posters as files and in tables."""
    for name in ("files", "tables"):
        (folder / name).mkdir()
    images = [encoded(drawn(seed, 400, 600), "JPEG", quality=85) for seed in range(DIFFERENT)]
    for index in range(count):
        (folder / f"files/{index:06}.jpg").write_bytes(images[index % DIFFERENT])
    for table in range(TABLES):
        ids = range(table, count, TABLES)
        rows = {"id": [f"{id:06}" for id in ids], "image": [images[id % DIFFERENT] for id in ids]}
        pyarrow.parquet.write_table(pyarrow.table(rows), folder / f"tables/{table}.parquet")


def timed(work):
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def core_time():
    """Seconds of processors that this process and those that it has waited for took; other programs count for nothing."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def command(folder, network):
    words = [*COMMAND, "predict", folder / "files", "--model", network, "--threads", "1", "--format", "jsonl"]
    begun = core_time()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return core_time() - begun


def package(folder, network):
    begun = core_time()
    model = marquee_posters.load(network, threads=1)
    model.predict(sorted((folder / "files").iterdir()))
    return core_time() - begun


def with_ray(workers):
    """Seconds for the example, the cluster's start left out."""

    def run(folder, network):
        import ray
        import ray_catalogue
        from ray.cluster_utils import Cluster

        cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 2})
        for _ in range(workers - 1):
            cluster.add_node(num_cpus=2)
        ray.init(address=cluster.address, log_to_driver=False, logging_level="error")
        context = ray.data.DataContext.get_current()
        context.target_max_block_size, context.enable_progress_bars = 1 << 22, False
        target = folder / f"answers-ray-{workers}-{network}"
        try:
            return timed(lambda: ray_catalogue.run(str(folder / "tables"), str(target), network))
        finally:
            ray.shutdown()
            cluster.shutdown()

    return run


def with_spark(workers):
    """Seconds for the example, the session's start left out."""

    def run(folder, network):
        import spark_catalogue
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master(f"local-cluster[{workers},1,1024]").config("spark.ui.enabled", False)
        builder = builder.config("spark.sql.files.openCostInBytes", 1 << 27).config("spark.driver.host", "127.0.0.1")
        spark = builder.config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()
        spark.sparkContext.setLogLevel("ERROR")
        target = folder / f"answers-spark-{workers}-{network}"
        try:
            return timed(lambda: spark_catalogue.run(spark, str(folder / "tables"), str(target), network))
        finally:
            spark.stop()

    return run


def memory(folder, rows):
    """Megabytes that the command holds after 10,000 rows of a list, and after so many."""
    poster = folder / "small.png"
    poster.write_bytes(encoded(drawn(1, 32, 48), "PNG"))
    return resident(COMMAND, poster, [10_000, rows])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posters", type=int, default=2000, help="posters that each row of the table answers")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows after which memory is measured")
    parser.add_argument("--rounds", type=int, default=3, help="times that each row is measured; the median counts")
    parser.add_argument("--price", type=float, default=0.04, help="dollars for an hour of a core, for the estimate")
    parser.add_argument("--engines", action="store_true", help="measure Ray and Spark, too; let nothing else run meanwhile")
    parser.add_argument("--write", action="store_true", help="put what is printed into docs/SCALE.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = measured(Path(folder), options)
    print(text)
    if options.write:
        page = ROOT / "docs/SCALE.md"
        before, _, rest = page.read_text(encoding="utf-8").partition(MARKS[0])
        after = rest.partition(MARKS[1])[2]
        page.write_text(f"{before}{MARKS[0]}\n\n{text}\n{MARKS[1]}{after}", encoding="utf-8")


def measured(folder, options):
    draw(folder, options.posters)
    # workers are other processes
    os.environ["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    subjects = {COMMAND_ROW: command, PACKAGE_ROW: package}
    if options.engines:
        for workers in (1, 2):
            subjects[f"Ray, workers: {workers}"] = with_ray(workers)
            subjects[f"Spark, workers: {workers}"] = with_spark(workers)
    seconds = {(name, network): [] for name in subjects for network in NETWORKS}
    for _ in range(options.rounds):
        for name, network in seconds:
            for left in folder.glob("answers-*"):
                shutil.rmtree(left)
            seconds[name, network].append(subjects[name](folder, network))
            print(f"{name}, {network}: {options.posters / seconds[name, network][-1]:.0f}/s", file=sys.stderr, flush=True)
    rates = {of: options.posters / sorted(times)[len(times) // 2] for of, times in seconds.items()}

    lines = [
        f"{date.today()}, {processor()}, {os.cpu_count()} cores, {platform.system()}; {options.posters:,} JPEGs of 400×600 "
        f"pixels, median of {options.rounds} rounds.",
        "",
        f"| posters/s | {' | '.join(NETWORKS)} |",
        f"|---|{'---:|' * len(NETWORKS)}",
    ]
    for name in subjects:
        lines.append(f"| {name} | {' | '.join(f'{rates[name, network]:,.0f}' for network in NETWORKS)} |")
    lines.append("")
    for network in NETWORKS:
        hours = CATALOGUE / rates[PACKAGE_ROW, network] / 3600
        lines.append(
            f"- {network}: {CATALOGUE:,} posters take {hours:,.0f} hours of one such core, which is {hours / 1000:,.2f} hours "
            f"on 1,000 of them, and ${hours * options.price:,.0f} at ${options.price} for a core's hour."
        )
    ratios = [rates[PACKAGE_ROW, network] / rates[COMMAND_ROW, network] for network in NETWORKS]
    ratios = " and ".join(f"{ratio:.2f}" for ratio in ratios)
    lines.append(f"- The package answers {ratios} times as fast as the command.")
    few, many = memory(folder, options.rows)
    lines.append(
        f"- `marquee predict` holds {few:.1f} MB after 10,000 rows and {many:.1f} MB after {options.rows:,}, {many / few:.2f} "
        "times as much."
    )
    return "\n".join(lines) + "\n"


def processor():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


if __name__ == "__main__":
    main()
