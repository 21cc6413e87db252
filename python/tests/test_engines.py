"""The examples for Ray and Spark, with two workers each, one of which is killed in the middle.

Rows are compared with what `marquee predict` answers: none is lost, and none is there twice.
"""

import os
import shutil
import signal
import sys
import threading
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from conftest import answers_of_the_command, drawn, encoded, programs

sys.path.insert(0, str(Path(__file__).parents[2] / "examples"))
pytestmark = pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="workers are found in Linux's /proc")
FILES, ROWS = 8, 20
NETWORK = "posternet"


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    """Tables of posters, with numbers as ids, and what the command answers, by id."""
    folder = tmp_path_factory.mktemp("catalogue")
    posters, source = folder / "posters", folder / "source"
    posters.mkdir()
    source.mkdir()
    for file in range(FILES):
        ids = [file * ROWS + row for row in range(ROWS)]
        images = [encoded(drawn(file * ROWS + row, 400, 600), "JPEG") for row in range(ROWS)]
        images[7] = b"no picture"
        for id, image in zip(ids, images, strict=True):
            (posters / f"{id}.jpg").write_bytes(image)
        pyarrow.parquet.write_table(pyarrow.table({"id": ids, "image": images}), source / f"{file:02}.parquet")
    answers = answers_of_the_command(programs()[-1], NETWORK, posters)
    return source, {Path(row["path"]).stem: row for row in answers}


def has_answers(target):
    """Whether a table in the folder has rows; a writer may be at it."""
    for file in target.glob("*.parquet"):
        try:
            if pyarrow.parquet.read_metadata(file).num_rows:
                return True
        except (OSError, pyarrow.ArrowInvalid):
            pass
    return False


class Killer(threading.Thread):
    """Kills a process with these words in its command line as soon as there are first answers."""

    def __init__(self, words, target):
        super().__init__()
        self.words, self.target, self.killed, self.over = words, target, None, threading.Event()

    def run(self):
        while not self.over.wait(0.01):
            victims = has_answers(self.target) and [it for it in processes() if self.words in command_line(it)]
            if victims:
                self.killed = victims[0]
                return os.kill(self.killed, signal.SIGKILL)

    def __enter__(self):
        self.start()

    def __exit__(self, *error):
        self.over.set()
        self.join()
        assert self.killed, "no worker was killed: the work had ended before"


def processes():
    return sorted((int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()), reverse=True)


def command_line(process):
    try:
        return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")
    except OSError:  # it has ended
        return ""


def compare(target, expected):
    rows = pyarrow.parquet.read_table(target).to_pylist()
    ids = [str(row["id"]) for row in rows]
    assert sorted(ids) == sorted(expected), f"{len(ids)} rows, {len(set(ids))} posters of {len(expected)}"
    for row in rows:
        answer = expected[str(row["id"])]
        assert (row["label"], row["error"]) == (answer.get("label"), answer["error"])
        if row["error"]:
            assert row["confidence"] is row["sure"] is row["probabilities"] is None
        else:
            probabilities = answer["probabilities"].values()
            assert max(abs(a - b) for a, b in zip(row["probabilities"], probabilities, strict=True)) <= 1e-6


def test_ray(catalogue, tmp_path, monkeypatch):
    ray = pytest.importorskip("ray", reason="Ray is not installed")
    from ray.cluster_utils import Cluster
    import ray_catalogue

    source, expected = catalogue
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
    # or a busy machine would hardly let its workers run
    monkeypatch.setenv("RAY_worker_niceness", "0")
    try:
        cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 2})
    except Exception as error:
        # Ray gives a node 30 seconds, which is too short for a machine that has much else to do
        pytest.skip(f"Ray does not start here: {error}")
    try:
        cluster.add_node(num_cpus=2)
        ray.init(address=cluster.address, log_to_driver=False)
        # some tens of posters in a block
        ray.data.DataContext.get_current().target_max_block_size = 1 << 18
        target = tmp_path / "answers"
        with Killer("ray::MapWorker(MapBatches(Predict)", target):
            ray_catalogue.run(str(source), str(target), NETWORK)
        compare(target, expected)
        # started again, it has nothing to do
        before = sorted(target.iterdir())
        ray_catalogue.run(str(source), str(target), NETWORK)
        assert sorted(target.iterdir()) == before

        part = tmp_path / "part"
        ray_catalogue.run(str(source / "00.parquet"), str(part), NETWORK)
        ray_catalogue.run(str(source), str(part), NETWORK)
        compare(part, expected)
    finally:
        ray.shutdown()
        cluster.shutdown()


def test_spark(catalogue, tmp_path, monkeypatch):
    pyspark = pytest.importorskip("pyspark.sql", reason="Spark is not installed")
    if not shutil.which("java") and "JAVA_HOME" not in os.environ:
        pytest.skip("Spark needs Java")
    import spark_catalogue

    source, expected = catalogue
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    builder = pyspark.SparkSession.builder.master("local-cluster[2,1,1024]").config("spark.ui.enabled", False)
    # a task for each file
    builder = builder.config("spark.sql.files.openCostInBytes", 1 << 27).config("spark.driver.host", "127.0.0.1")
    spark = builder.config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()
    try:
        target = tmp_path / "answers"
        with Killer("CoarseGrainedExecutorBackend", target):
            spark_catalogue.run(spark, str(source), str(target), NETWORK)
        compare(target, expected)
        spark_catalogue.run(spark, str(source), str(target), NETWORK)
        compare(target, expected)

        part = tmp_path / "part"
        spark_catalogue.run(spark, str(source / "00.parquet"), str(part), NETWORK)
        spark_catalogue.run(spark, str(source), str(part), NETWORK)
        compare(part, expected)
    finally:
        spark.stop()
